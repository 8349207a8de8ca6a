//! The table of sealed columns.

/// Every sealed column: what may not be read from a dump. `tests/vault.rs` compares this table with
/// the database's own columns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// A young person's full name.
    PersonName,
    /// The name a young person wants to be called by.
    PersonCalled,
    /// What a young person wants whoever works with them to know.
    PersonProfile,
    /// A member of staff's name.
    StaffName,
    /// An email address or phone number.
    ContactValue,
    /// The name somebody signs in with.
    Username,
    /// Words about a spell: an address, a school.
    SpellDetail,
    /// The text of a message.
    MessageBody,
    /// What the page said about when a message would be read, when it was sent.
    MessageShown,
    /// A plan section: how things are now.
    PlanNow,
    /// A plan section: what the person wants.
    PlanWant,
    /// A plan section: what was agreed.
    PlanAgreed,
    /// What an action is.
    ActionText,
    /// Who does an action, when it is somebody else.
    ActionWho,
    /// Why a record was opened.
    AuditReason,
    /// What somebody told us of a page.
    FeedbackBody,
    /// How they said they can be reached.
    FeedbackContact,
    /// What a code generator shares with us.
    FactorSecret,
    /// Why a record was opened by somebody who does not work with the person.
    GlassReason,
    /// What was typed when a session had ended.
    DraftBody,
    /// What somebody who cannot sign in wants to tell us.
    KnockBody,
    /// Who they are, and how they can be reached.
    KnockContact,
    /// Files of the case system that wait to be imported.
    ImportBody,
    /// The text of a message that is sent later.
    PlannedBody,
    /// What a worker calls a template of theirs.
    TemplateName,
    /// The text of a template.
    TemplateBody,
    /// Why a manager returned a plan.
    PlanReturned,
    /// Why a manager gave a version back, each time.
    SubmittedReturned,
    /// A text of a plan section as it was once written.
    PlanEdit,
    /// Why an action was dropped.
    ActionWhy,
    /// What an action was after a change.
    EventText,
    /// Who did it then.
    EventWho,
    /// Why it was dropped then.
    EventWhy,
    /// What somebody says of a part of their plan.
    SayWords,
    /// What money is for.
    OwedName,
    /// Words about a payment.
    PaymentNote,
    /// Who agreed it, where that is not the worker who wrote it down.
    PaymentAgreed,
    /// Questions for a meeting.
    PrepQuestions,
    /// How somebody knows that it goes wrong.
    CrisisSigns,
    /// What they do then.
    CrisisHelps,
    /// Whom they call.
    CrisisCalls,
    /// Where they can go.
    CrisisPlace,
    /// What an appointment is.
    AppointmentWhat,
    /// With whom it is.
    AppointmentWho,
    /// Where it is.
    AppointmentWhere,
    /// How to get there.
    AppointmentWay,
    /// Why somebody cannot make it.
    AppointmentCannot,
    /// Why a letter was not approved.
    LetterWhy,
    /// To whom a letter was shown.
    LetterTo,
}

impl Column {
    /// All of them.
    pub const ALL: [Self; 49] = [
        Self::PersonName,
        Self::PersonCalled,
        Self::PersonProfile,
        Self::StaffName,
        Self::ContactValue,
        Self::Username,
        Self::SpellDetail,
        Self::MessageBody,
        Self::MessageShown,
        Self::PlanNow,
        Self::PlanWant,
        Self::PlanAgreed,
        Self::ActionText,
        Self::ActionWho,
        Self::AuditReason,
        Self::FeedbackBody,
        Self::FeedbackContact,
        Self::FactorSecret,
        Self::GlassReason,
        Self::DraftBody,
        Self::KnockBody,
        Self::KnockContact,
        Self::ImportBody,
        Self::PlannedBody,
        Self::TemplateName,
        Self::TemplateBody,
        Self::PlanReturned,
        Self::SubmittedReturned,
        Self::PlanEdit,
        Self::ActionWhy,
        Self::EventText,
        Self::EventWho,
        Self::EventWhy,
        Self::SayWords,
        Self::OwedName,
        Self::PaymentNote,
        Self::PaymentAgreed,
        Self::PrepQuestions,
        Self::CrisisSigns,
        Self::CrisisHelps,
        Self::CrisisCalls,
        Self::CrisisPlace,
        Self::AppointmentWhat,
        Self::AppointmentWho,
        Self::AppointmentWhere,
        Self::AppointmentWay,
        Self::AppointmentCannot,
        Self::LetterWhy,
        Self::LetterTo,
    ];

    /// `table.column`. Part of what a value is bound to: never change one.
    pub const fn name(self) -> &'static str {
        match self {
            Self::PersonName => "person.name_sealed",
            Self::PersonCalled => "person.called_sealed",
            Self::PersonProfile => "person.profile_sealed",
            Self::StaffName => "staff.name_sealed",
            Self::ContactValue => "contact_point.value_sealed",
            Self::Username => "account.username_sealed",
            Self::SpellDetail => "spell.detail_sealed",
            Self::MessageBody => "message.body_sealed",
            Self::MessageShown => "message.shown_sealed",
            Self::PlanNow => "plan_section.now_sealed",
            Self::PlanWant => "plan_section.want_sealed",
            Self::PlanAgreed => "plan_section.agreed_sealed",
            Self::ActionText => "plan_action.text_sealed",
            Self::ActionWho => "plan_action.who_sealed",
            Self::AuditReason => "audit.reason_sealed",
            Self::FeedbackBody => "feedback.body_sealed",
            Self::FeedbackContact => "feedback.contact_sealed",
            Self::FactorSecret => "second_factor.secret_sealed",
            Self::GlassReason => "break_glass.reason_sealed",
            Self::DraftBody => "draft.body_sealed",
            Self::KnockBody => "knock.body_sealed",
            Self::KnockContact => "knock.contact_sealed",
            Self::ImportBody => "import_file.body_sealed",
            Self::PlannedBody => "planned.body_sealed",
            Self::TemplateName => "template.name_sealed",
            Self::TemplateBody => "template.body_sealed",
            Self::PlanReturned => "plan.returned_sealed",
            Self::SubmittedReturned => "plan_submitted.returned_sealed",
            Self::PlanEdit => "plan_edit.text_sealed",
            Self::ActionWhy => "plan_action.why_sealed",
            Self::EventText => "action_event.text_sealed",
            Self::EventWho => "action_event.who_sealed",
            Self::EventWhy => "action_event.why_sealed",
            Self::SayWords => "plan_say.words_sealed",
            Self::OwedName => "money_owed.name_sealed",
            Self::PaymentNote => "payment.note_sealed",
            Self::PaymentAgreed => "payment.agreed_sealed",
            Self::PrepQuestions => "meeting_prep.questions_sealed",
            Self::CrisisSigns => "crisis_plan.signs_sealed",
            Self::CrisisHelps => "crisis_plan.helps_sealed",
            Self::CrisisCalls => "crisis_plan.calls_sealed",
            Self::CrisisPlace => "crisis_plan.place_sealed",
            Self::AppointmentWhat => "appointment.what_sealed",
            Self::AppointmentWho => "appointment.who_sealed",
            Self::AppointmentWhere => "appointment.where_sealed",
            Self::AppointmentWay => "appointment.way_sealed",
            Self::AppointmentCannot => "appointment.cannot_sealed",
            Self::LetterWhy => "letter.why_sealed",
            Self::LetterTo => "letter_use.to_sealed",
        }
    }
}
