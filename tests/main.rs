//! The promises of the portal, one module for each, over real HTTP and on both databases.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "tests"
)]

mod access;
mod actions;
mod agreed;
mod alerts;
mod another_council;
mod answers;
mod appointments;
mod chain;
mod chairs;
mod checker;
mod cover;
mod crisis_plan;
mod doors;
mod encrypted;
mod extra_fields;
mod feedback;
mod feeds;
mod forms;
mod goals;
mod hand_overs;
mod house;
mod import;
mod items;
mod keys;
mod kill;
mod leaflet;
mod leaving;
mod letters;
mod live;
mod matrix;
mod messages;
mod money;
mod on_paper;
mod once;
mod outage;
mod outbound;
mod outbox;
mod places;
mod plan_changes;
mod plan_told;
mod plan_typed;
mod planned;
mod plans;
mod planted;
mod publish;
mod questions;
mod races;
mod reach;
mod record;
mod replay;
mod schema;
mod search;
mod seen_is_logged;
mod side_by_side;
mod signin;
mod signing;
mod staff_account;
mod start;
mod stores;
mod stores_of_actions;
mod stores_of_answers;
mod stores_of_appointments;
mod stores_of_audit;
mod stores_of_doors;
mod stores_of_import;
mod stores_of_planned;
mod stores_of_plans;
mod stores_of_reach;
mod stores_of_the_day;
mod support;
mod text_messages;
mod the_day;
mod the_plan;
mod timetable;
mod unwanted;
mod vault;
