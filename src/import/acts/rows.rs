//! What one row does: judged by what is there, then laid down.

use std::collections::{BTreeMap, BTreeSet};

use super::With;
use crate::audit::{self, Entry};
use crate::clock::midnight;
use crate::db::{Snapshot, Tx};
use crate::error::{Error, Result};
use crate::id::Id;
use crate::import::{AssignmentLine, Files, Line, PersonLine, Sheet, StaffLine};
use crate::people::store::{self as people, Case, Worked};
use crate::people::{Actor, Part, PersonId, Role, Span, StaffId, TeamId, team_name};
use crate::vault::{LookUp, Vault};

const NAMESAKE: &str = "Somebody of this name and date of birth is there with another key.";

/// What becomes of a row.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// Left out, for this reason.
    Bad(&'static str),
    /// There already.
    Same,
    AddStaff,
    ChangeStaff(StaffId),
    AddPerson,
    ChangePerson(PersonId),
    /// Two begin to work together; nobody yet where one of them comes with these files.
    Begin {
        who: Option<(PersonId, StaffId)>,
        lead: bool,
    },
    /// A time of working together gets another end, or leads.
    Move {
        person: PersonId,
        span: Id<()>,
        to: Option<i64>,
        lead: bool,
    },
}

/// What the files themselves bring, so that one of their rows may count on another.
#[derive(Clone, Debug, Default)]
pub(super) struct Coming {
    /// Staff by email: who, when they are there, and the roles that a new one is given.
    staff: BTreeMap<String, (Option<StaffId>, Vec<Role>)>,
    /// Young people by key: who, when they are there.
    people: BTreeMap<String, Option<PersonId>>,
    /// The hashes of every key in the file of young people.
    keys: BTreeSet<Vec<u8>>,
    /// The keys for which the file names a lead.
    led: BTreeSet<String>,
}

impl Coming {
    pub(super) fn of(vault: &Vault, files: &Files) -> Self {
        let mut coming = Self::default();
        for row in files.values().flat_map(|table| &table.rows) {
            match &row.is {
                Line::Person(line) => drop(coming.keys.insert(vault.look_up(LookUp::CaseKey, &line.key))),
                Line::Assignment(line) if line.lead => drop(coming.led.insert(line.key.to_lowercase())),
                Line::Assignment(_) | Line::Staff(_) => {}
            }
        }
        coming
    }

    /// Takes in the good rows of a file: who they are, when they are there.
    pub(super) fn take(&mut self, rows: Vec<(Line, Step, Option<Id<()>>)>) {
        for (line, step, id) in rows {
            match line {
                Line::Staff(line) => {
                    let roles = if matches!(step, Step::AddStaff) { line.roles } else { Vec::new() };
                    self.staff.insert(line.email, (id.map(Id::cast), roles));
                }
                Line::Person(line) => drop(self.people.insert(line.key.to_lowercase(), id.map(Id::cast))),
                Line::Assignment(_) => {}
            }
        }
    }
}

/// The order in which the rows of a file are taken, whatever theirs: what ended before what goes on, leads first.
pub(super) fn order(line: &Line) -> (bool, bool, String, String) {
    match line {
        Line::Staff(line) => (false, false, line.email.clone(), String::new()),
        Line::Person(line) => (false, false, line.key.to_lowercase(), String::new()),
        Line::Assignment(line) => {
            let who = format!("{}|{}|{}", line.key.to_lowercase(), line.email, line.part.as_str());
            (line.to.is_none(), !line.lead, line.from.to_string(), who)
        }
    }
}

/// What would become of a row now, and whom it is about when they are there.
pub(super) async fn judge(db: &mut Snapshot, with: &With, line: &Line) -> Result<(Step, Option<Id<()>>)> {
    match line {
        Line::Staff(line) => staff(db, with, line).await,
        Line::Person(line) => person(db, with, line).await,
        Line::Assignment(line) => Ok((assignment(db, with, line).await?, None)),
    }
}

async fn staff(db: &mut Snapshot, with: &With, line: &StaffLine) -> Result<(Step, Option<Id<()>>)> {
    let Some((id, here)) = people::staff_by_address(db, &with.vault, &line.email).await? else {
        return Ok((Step::AddStaff, None));
    };
    // One who has left may stand in the file for the sake of the history, without a role.
    if !here {
        let says = "They have left or are suspended here. An administrator brings them back by hand, not a file.";
        return Ok((if line.roles.is_empty() { Step::Same } else { Step::Bad(says) }, Some(id.cast())));
    }
    let team = db.fetch(people::team_of_member(id, with.by.at)).await?.map(|(team, _)| team.locality);
    let moves = line.locality.is_some() && line.locality != team;
    let same = people::staff_name(db, &with.vault, id).await? == line.name && !moves;
    Ok((if same { Step::Same } else { Step::ChangeStaff(id) }, Some(id.cast())))
}

fn case(line: &PersonLine) -> Case {
    let group = line.group.map(|group| ("legal_group", group.as_str().replace('-', "_")));
    let district = line.district.clone().map(|district| ("district", district));
    Case {
        key: line.key.clone(),
        name: line.name.clone(),
        called: line.called.clone(),
        born_on: line.born_on,
        locality: line.locality.clone(),
        spells: group.into_iter().chain(district).collect(),
    }
}

async fn person(db: &mut Snapshot, with: &With, line: &PersonLine) -> Result<(Step, Option<Id<()>>)> {
    let (vault, case) = (&with.vault, case(line));
    let known = people::case(db, vault, &line.key).await?;
    if known.is_some_and(|(_, open)| !open) {
        return Ok((Step::Bad("The record of this key is closed here."), None));
    }
    let known = known.map(|(person, _)| person);
    let others = people::namesakes(db, vault, &case).await?;
    // Somebody whose own row gives them another name is no namesake for long.
    let stays = |key: &Option<Vec<u8>>| key.as_ref().is_none_or(|key| !with.coming.keys.contains(key));
    let mut others = others.into_iter().filter(|(other, key)| Some(*other) != known && stays(key));
    let other = others.next();
    let step = match (known, other) {
        (Some(_), Some(_)) | (None, Some((_, Some(_)))) => Step::Bad(NAMESAKE),
        (Some(person), None) if people::differs(db, vault, person, &case).await? => Step::ChangePerson(person),
        (Some(_), None) => Step::Same,
        // Added by hand before: they get the key.
        (None, Some((person, None))) if others.next().is_none() => Step::ChangePerson(person),
        (None, Some((_, None))) => Step::Bad(NAMESAKE),
        (None, None) => Step::AddPerson,
    };
    let id = if let Step::ChangePerson(person) = step { Some(person) } else { known };
    Ok((step, id.map(Id::cast)))
}

/// Whether somebody in this role may work in this part.
const fn fits(part: Part, role: Role) -> bool {
    match part {
        Part::Pa => matches!(role, Role::Adviser),
        Part::SocialWorker => matches!(role, Role::SocialWorker),
        Part::Cover => role.works_with_people(),
        Part::Duty => matches!(role, Role::Duty),
        Part::Manager => matches!(role, Role::Manager),
    }
}

/// From the first moment of the first day to the last of the last.
fn span(line: &AssignmentLine) -> Span {
    (midnight(line.from), line.to.and_then(|to| to.tomorrow().ok()).map(midnight))
}

async fn assignment(db: &mut Snapshot, with: &With, line: &AssignmentLine) -> Result<Step> {
    let (vault, at) = (&with.vault, with.by.at);
    let person = match with.coming.people.get(&line.key.to_lowercase()) {
        Some(known) => *known,
        None => match people::case(db, vault, &line.key).await? {
            Some((person, true)) => Some(person),
            Some((_, false)) => return Ok(Step::Bad("The record of this key is closed here.")),
            None => return Ok(Step::Bad("No young person here, and none of the good rows, has this key.")),
        },
    };
    let (staff, mut roles) = match with.coming.staff.get(&line.email) {
        Some((staff, roles)) => (*staff, roles.clone()),
        None => match people::staff_by_address(db, vault, &line.email).await? {
            Some((staff, _)) => (Some(staff), Vec::new()),
            None => {
                return Ok(Step::Bad("No member of staff here, and none of the good rows, has this email address."));
            }
        },
    };
    if let Some(staff) = staff {
        roles.extend(people::roles(db, staff, at).await?);
    }
    let (now, (from, to)) = (at.as_microsecond(), span(line));
    let goes_on = to.is_none_or(|to| to > now);
    if goes_on && !roles.iter().any(|role| fits(line.part, *role)) {
        return Ok(Step::Bad("They do not hold the role for this part. An administrator gives it first."));
    }
    if goes_on && matches!((&with.by.actor, staff), (Some(Actor::Staff(by, _)), Some(staff)) if *by == staff) {
        return Ok(Step::Bad("Nobody assigns themselves. Another administrator brings this row in."));
    }
    let Some((person, staff)) = person.zip(staff) else {
        return Ok(Step::Begin { who: None, lead: false });
    };
    let runs = from <= now && goes_on;
    // Without a lead nobody is told of a message: then the adviser is.
    let alone = line.part == Part::Pa && !with.coming.led.contains(&line.key.to_lowercase());
    let lead = runs && (line.lead || alone && !people::has_lead(db, person, at).await?);
    let worked = people::worked(db, person, staff, line.part).await?;
    Ok(step((person, staff), (from, to), lead, &worked, now))
}

/// What a row changes of the times that two have worked together. What ended here stays ended, whatever an old file says.
fn step((person, staff): (PersonId, StaffId), (from, to): Span, lead: bool, worked: &[Worked], now: i64) -> Step {
    let day = crate::clock::DAY;
    let lives = |span: &&Worked| span.to.is_none_or(|to| to > now);
    // Begun and ended here within the time of the file: an old file does not open it again.
    let ended = |span: &Worked| span.from >= from && span.to.is_some_and(|to| to <= now);
    let begun = worked.iter().find(|span| (from..from + day).contains(&span.from));
    let begin = Step::Begin { who: Some((person, staff)), lead };
    let moved = |span: &Worked, to: Option<i64>, lead: bool| {
        if span.to == to && span.lead == lead { Step::Same } else { Step::Move { person, span: span.id, to, lead } }
    };
    match (to, begun) {
        (_, Some(span)) if !lives(&span) => Step::Same,
        (None, Some(span)) => moved(span, None, span.lead || lead),
        (None, None) if worked.iter().any(ended) => Step::Same,
        (None, None) => worked.iter().find(lives).map_or(begin, |span| moved(span, span.to, span.lead || lead)),
        (Some(_), _) if worked.iter().any(|span| span.to == to) => Step::Same,
        (Some(end), None) if end > now && worked.iter().any(ended) => Step::Same,
        (Some(end), begun) => {
            let open = begun.or_else(|| worked.iter().filter(lives).find(|span| span.from < end));
            open.map_or(begin, |span| moved(span, to, span.lead && end > now))
        }
    }
}

/// Does what was judged. Gives whom the row is about now.
pub(super) async fn lay(tx: &mut Tx, with: &With, line: &Line, step: &Step) -> Result<Option<Id<()>>> {
    let (vault, at) = (&with.vault, with.by.at);
    match (line, step) {
        (_, Step::Bad(_) | Step::Same) => Ok(None),
        (Line::Staff(line), Step::AddStaff) => {
            let id = people::insert_staff(tx, vault, &line.name, Some(&line.email), &line.roles, at).await?;
            into_team(tx, with, line, id).await?;
            note(tx, with, Sheet::Staff, Some(id.cast()), None).await
        }
        (Line::Staff(line), Step::ChangeStaff(id)) => {
            people::rename(tx, vault, *id, &line.name).await?;
            into_team(tx, with, line, *id).await?;
            note(tx, with, Sheet::Staff, Some(id.cast()), None).await
        }
        (Line::Person(line), Step::AddPerson) => {
            let team = team(tx, with, &line.locality).await?;
            let id = people::add_case(tx, vault, &case(line), team, at).await?;
            note(tx, with, Sheet::People, Some(id.cast()), Some(id)).await
        }
        (Line::Person(line), Step::ChangePerson(id)) => {
            let team = team(tx, with, &line.locality).await?;
            people::change_case(tx, vault, *id, &case(line), team, at).await?;
            note(tx, with, Sheet::People, Some(id.cast()), Some(*id)).await
        }
        (Line::Assignment(line), Step::Begin { who: Some((person, staff)), lead }) => {
            people::assign_span(tx, (*person, *staff, line.part), span(line), *lead).await?;
            note(tx, with, Sheet::Assignments, None, Some(*person)).await
        }
        (Line::Assignment(_), Step::Move { person, span, to, lead }) => {
            people::change_span(tx, *person, *span, *to, *lead).await?;
            note(tx, with, Sheet::Assignments, None, Some(*person)).await
        }
        _ => Err(Error::Internal("a row was judged as one of another file".into())),
    }
}

async fn note(
    tx: &mut Tx,
    with: &With,
    sheet: Sheet,
    object_id: Option<Id<()>>,
    person: Option<PersonId>,
) -> Result<Option<Id<()>>> {
    let entry = Entry { object_id, person, ..Entry::of(with.by.actor.clone(), "import", sheet.as_str(), with.by.at) };
    audit::store::insert(tx, &entry, &with.by.number).await?;
    Ok(object_id)
}

async fn team(tx: &mut Tx, with: &With, locality: &str) -> Result<TeamId> {
    let known = with.places.localities.get(locality);
    let known = known.ok_or_else(|| Error::Internal("a row of no locality was taken for good".into()))?;
    people::team_of(tx, locality, &team_name(&known.name), &known.council, with.by.at).await
}

/// Puts somebody in the team of their row, unless they are in it: on its duty desk when they hold that role.
async fn into_team(tx: &mut Tx, with: &With, line: &StaffLine, staff: StaffId) -> Result<()> {
    let Some(locality) = &line.locality else { return Ok(()) };
    let at = with.by.at;
    if tx.fetch(people::team_of_member(staff, at)).await?.is_some_and(|(team, _)| team.locality == *locality) {
        return Ok(());
    }
    let (team, roles) = (team(tx, with, locality).await?, people::roles(tx, staff, at).await?);
    people::set_team(tx, team, staff, roles.contains(&Role::Duty), at).await
}
