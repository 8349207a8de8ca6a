//! `/admin`: who works here.

use leptos::prelude::*;

use super::{Member, Role, StaffId, Team, TeamMate, TeamPage};
use crate::signin::doors::KnownBy;
use crate::ui::{Errors, Radios, Select, Submit, TextField, Ticks};
use crate::web::forms::Fields;

/// `/admin`.
#[component]
pub fn Members(
    /// Everyone, those who are here first.
    members: Vec<Member>,
) -> impl IntoView {
    let (here, gone): (Vec<_>, Vec<_>) = members.into_iter().partition(|member| member.active);
    let rows = |members: Vec<Member>| members.into_iter().map(|member| view! { <Row member/> }).collect_view();
    let gone = (!gone.is_empty()).then(|| view! { <h2>"No longer here"</h2><ul class="cards">{rows(gone)}</ul> });
    view! {
        <h1>"Staff"</h1>
        <p class="lead">"You add people, change what they may do, and end their access. You see no young person's record."</p>
        <p><a class="btn" href="/admin/staff/new">"Add somebody"</a></p>
        <ul>
            <li><a href="/admin/teams">"Teams and duty desks"</a></li>
            <li><a href="/admin/import">"Import from the case system"</a></li>
        </ul>
        <ul class="cards">{rows(here)}</ul>
        {gone}
    }
}

#[component]
fn Row(member: Member) -> impl IntoView {
    let roles: Vec<_> = member.roles.iter().map(|role| role.name()).collect();
    let what = if roles.is_empty() { "No role".to_owned() } else { roles.join(", ") };
    view! { <li><a href=format!("/admin/staff/{}", member.id)><strong>{member.name}</strong>" "<span>{what}</span></a></li> }
}

/// `/admin/teams`.
#[component]
pub fn Teams(
    /// Every team, in the order of the localities.
    teams: Vec<TeamPage>,
    /// Who hold the duty role and stand on no desk.
    off_desk: Vec<(StaffId, String)>,
) -> impl IntoView {
    let teams = teams.into_iter().map(|TeamPage { name, mates }| {
        let covered = mates.iter().any(|mate| mate.duty && mate.may);
        let empty = mates.is_empty().then(|| view! { <p>"Nobody is in this team yet."</p> });
        view! {
            <h2>{name}</h2>
            {(!covered).then(|| view! { <p class="warnbox">"Nobody is on the duty desk: messages of whoever has no adviser wait unseen."</p> })}
            {empty}
            <ul class="cards">{mates.into_iter().map(|mate| view! { <Mate mate/> }).collect_view()}</ul>
        }
    });
    let off = (!off_desk.is_empty()).then(|| {
        let rows =
            off_desk.into_iter().map(|(id, name)| view! { <li><a href=format!("/admin/staff/{id}")>{name}</a></li> });
        view! {
            <h2>"Duty role, and on no desk"</h2>
            <p>"They see nobody by that role until they are put on the desk of a team."</p>
            <ul>{rows.collect_view()}</ul>
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/admin">"Staff"</a></nav>
        <h1>"Teams and duty desks"</h1>
        <p class="lead">"Whoever is on a team's duty desk sees everybody of the team. You choose team and desk on the page of a member of staff."</p>
        {teams.collect_view()}
        {off}
    }
}

#[component]
fn Mate(mate: TeamMate) -> impl IntoView {
    let what = match (mate.duty, mate.may) {
        (true, true) => "On the duty desk",
        (true, false) => "On the duty desk, without the duty role: it opens nothing",
        (false, _) => "In the team",
    };
    view! { <li><a href=format!("/admin/staff/{}", mate.staff)><strong>{mate.name}</strong>" "<span>{what}</span></a></li> }
}

/// `/admin/staff/new`.
#[component]
pub fn NewMember(
    /// The form, as sent or empty.
    form: Fields,
) -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href="/admin">"Staff"</a></nav>
        <Errors form=form.clone()/>
        <h1>"Add somebody"</h1>
        <form method="post" action="/admin/staff/new" novalidate>
            <TextField field=form.field("name") label="Name" hint="As young people will see it"/>
            <TextField field=form.field("email") label="Work email address" hint="For notices. They do not sign in with it." kind="email"/>
            <Select field=form.field("role") label="Role" hint="You can add more afterwards" choices=roles()/>
            <Submit label="Add"/>
        </form>
    }
}

fn roles() -> Vec<(String, String)> {
    Role::ALL.into_iter().map(|role| (role.as_str().to_owned(), role.name().to_owned())).collect()
}

/// A code for a member of staff, told this once.
#[component]
pub fn MemberCode(
    /// Who.
    staff: StaffId,
    /// Their name.
    name: String,
    /// The code.
    code: String,
    /// It opens nothing until a second one has said yes.
    waits: bool,
) -> impl IntoView {
    view! {
        <nav class="back" aria-label="Back"><a href=format!("/admin/staff/{staff}")>{name.clone()}</a></nav>
        <h1>{format!("A code for {name}")}</h1>
        {waits.then(|| view! {
            <p class="note"><strong>"It does not work yet."</strong>" A second administrator says yes on the page of this member of staff, or the manager of their team at Work. That can be done when you have given it."</p>
        })}
        <p class="secret"><strong>{code}</strong></p>
        <p>"Give it to them yourself. It works once, for three days. We do not show it again."</p>
        <p>"They open Sign in, I have a code, leave the date of birth empty, and choose a username and passphrase. Then they set up the app that makes their codes."</p>
    }
}

/// How a member of staff gets back in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Recovery {
    /// A code can be given; the first one works at once.
    Give {
        /// They have no account yet.
        first: bool,
    },
    /// The reader gave one, and it waits for somebody else.
    Waits,
    /// Somebody else gave one, and it waits for the reader.
    Asked(String),
    /// Nobody else could say yes.
    Alone,
}

#[component]
fn BackIn(recovery: Recovery, action: String, form: Fields) -> impl IntoView {
    match recovery {
        Recovery::Alone => view! {
            <p>"A code that opens an account again takes two people, and there is no second administrator, and no manager in their team. On the server, "<code>"portal staff code"</code>" makes one."</p>
        }
        .into_any(),
        Recovery::Asked(by) => view! {
            <form class="note" method="post" action=action>
                <p><strong>{format!("{by} gave a code.")}</strong>" It works only when you say yes. Say yes only if you are sure that it is them who asked."</p>
                <button class="btn" name="do" value="approve">"Yes, the code may work"</button>
            </form>
        }
        .into_any(),
        Recovery::Waits | Recovery::Give { .. } => {
            let known = KnownBy::ALL.map(|known| (known.as_str(), known.says().to_owned())).to_vec();
            let waits = matches!(recovery, Recovery::Waits);
            let says = if matches!(recovery, Recovery::Give { first: true }) {
                "They have not joined yet. A new code takes the place of the one before."
            } else {
                "A code ends their sign-in and the app that made their codes. A second administrator, or the manager of their team, must say yes before it works."
            };
            view! {
                {waits.then(|| view! { <p class="note">"The code that you gave waits for somebody else to say yes."</p> })}
                <form method="post" action=action novalidate>
                    <p>{says}</p>
                    <Radios field=form.field("known") label="How do you know that it is them?" choices=known/>
                    <p><button class="btn quiet" name="do" value="code">"Give a code"</button></p>
                </form>
            }
            .into_any()
        }
    }
}

/// `/admin/staff/{id}`.
#[component]
pub fn MemberPage(
    /// Who.
    member: Member,
    /// Those who can take over from them, by id.
    others: Vec<(String, String)>,
    /// Their team, and whether they are on its duty desk.
    team: Option<(Team, bool)>,
    /// The teams that there are or can be, by the slug of the locality.
    choices: Vec<(String, String)>,
    /// How they get back in.
    recovery: Recovery,
    /// The form, as sent or filled with how it is.
    form: Fields,
) -> impl IntoView {
    let action = format!("/admin/staff/{}", member.id);
    let held: Vec<_> = member
        .roles
        .iter()
        .map(|role| view! { <li>{role.name()}" "<button class="btn quiet" name="do" value=format!("end:{}", role.as_str())>{format!("Take away: {}", role.name())}</button></li> })
        .collect();
    let more: Vec<_> = Role::ALL
        .into_iter()
        .filter(|role| !member.roles.contains(role))
        .map(|role| view! { <button class="btn quiet" name="do" value=format!("give:{}", role.as_str())>{format!("Add: {}", role.name())}</button>" " })
        .collect();
    let works = match member.works_with {
        0 => "They work with nobody now.".to_owned(),
        1 => "They work with 1 young person.".to_owned(),
        n => format!("They work with {n} young people."),
    };
    let owns = member.works_with > 0;
    let hand_over = owns.then(|| {
        view! {
            <form method="post" action=action.clone() novalidate>
                <Select field=form.field("to") label="Who takes over all of them?" hint="Their messages stay unread and in order, and the new worker sees them at once." choices=others/>
                <p><button class="btn" name="do" value="hand-over">"Hand over"</button></p>
            </form>
        }
    });
    let leave = if owns {
        view! { <p>"Hand over first: nobody can leave while a young person counts on them."</p> }.into_any()
    } else {
        view! {
            <form method="post" action=action.clone()>
                <p>"They are signed out at once and can never sign in again. What they wrote keeps their name."</p>
                <p><button class="btn" name="do" value="leave">"End their access"</button></p>
            </form>
        }
        .into_any()
    };
    let in_team = match &team {
        None => "They are in no team.".to_owned(),
        Some((team, true)) => format!("They are in the {}, on its duty desk.", team.name),
        Some((team, false)) => format!("They are in the {}.", team.name),
    };
    let leave_team = team.map(
        |_| view! { " "<button class="btn quiet" name="do" value="leave-team">"Take them out of the team"</button> },
    );
    let duty = vec![(form.field("duty"), "On the duty desk".to_owned())];
    let active = member.active.then(|| {
        view! {
            <h2>"What they may do"</h2>
            <form method="post" action=action.clone()>
                <ul>{held}</ul>
                <p>{more}</p>
            </form>
            <h2>"Their team"</h2>
            <p>{in_team}</p>
            <form method="post" action=action.clone() novalidate>
                <Select field=form.field("team") label="Team" choices/>
                <Ticks boxes=duty label="Duty desk" hint="They see everybody of the team. It takes the duty role."/>
                <p><button class="btn quiet" name="do" value="team">"Save the team"</button>{leave_team}</p>
            </form>
            <h2>"Locked out, or a new phone?"</h2>
            <BackIn recovery action=action.clone() form=form.clone()/>
            <h2>"Whom they work with"</h2>
            <p>{works}</p>
            {hand_over}
            <h2>"They leave"</h2>
            {leave}
        }
    });
    view! {
        <nav class="back" aria-label="Back"><a href="/admin">"Staff"</a></nav>
        <Errors form=form.clone()/>
        <h1>{member.name.clone()}</h1>
        {(!member.active).then(|| view! { <p class="note">"No longer here: they cannot sign in."</p> })}
        {active}
    }
}
