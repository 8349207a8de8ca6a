//! Components that every page uses. No data access; knows no feature: the help block comes in as
//! a slot.

pub mod fields;
pub mod layout;
pub mod qr;

pub use fields::{
    BirthDate, Errors, FileField, KEEP_DRAFT, KeepsDraft, OneTimeKey, Radios, Secret, Select, Submit, TextArea,
    TextField, Ticks,
};
pub use layout::{Exit, Frame, Nav, Part};
pub use qr::Qr;
