//! What one pass over the outbox learns of each way of sending, so that a server that is down is not waited for by
//! every notice in turn.

use std::sync::{Mutex, MutexGuard, PoisonError};

use super::{Letter, Mail, NotSent};
use crate::people::Channel;

/// One pass over the outbox. Several notices are on their way at once.
#[derive(Debug, Default)]
pub(super) struct Pass {
    email: Mutex<Road>,
    phone: Mutex<Road>,
}

#[derive(Clone, Copy, Debug, Default)]
struct Road {
    /// How often the server gave an answer about one notice, good or bad.
    answers: u64,
    /// Why nothing goes this way at the moment.
    down: Option<&'static str>,
}

impl Pass {
    fn road(&self, channel: Channel) -> MutexGuard<'_, Road> {
        let road = match channel {
            Channel::Email => &self.email,
            Channel::Phone => &self.phone,
        };
        road.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sends a notice, unless this pass has seen that nothing goes this way: then that try speaks for this one too. A
    /// notice over which the server hangs, while it answered about others, is a fault of its own and stops none of them.
    pub(super) async fn send(&self, mail: &Mail, letter: &Letter<'_>) -> Result<(), NotSent> {
        let before = *self.road(letter.to.channel);
        if let Some(why) = before.down {
            return Err(NotSent::Down(why));
        }
        let outcome = mail.send(letter).await;
        let mut road = self.road(letter.to.channel);
        match &outcome {
            Err(NotSent::Down(why)) if road.answers == before.answers => road.down = Some(why),
            Err(NotSent::Down(_)) => {}
            Ok(()) | Err(NotSent::ForNow(_) | NotSent::ForGood(_)) => {
                *road = Road { answers: road.answers + 1, down: None };
            }
        }
        outcome
    }
}
