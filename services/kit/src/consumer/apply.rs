//! Applying what several messages carry, as one or each by itself.

use super::Outcome;
use crate::error::{Error, Result};

/// Applies all as one; where the database refuses what they carry, each by itself,
/// so that only the guilty one is poison and its neighbours take effect. What
/// failed for another reason is *not now*.
///
/// `take` makes the effect of some of them one transaction.
pub async fn apply<T, F, Fut>(all: Vec<T>, take: F) -> Vec<Outcome>
where
    T: Clone,
    F: Fn(Vec<T>) -> Fut,
    Fut: Future<Output = Result<()>>,
{
    if all.is_empty() {
        return Vec::new();
    }
    let number = all.len();
    match take(all.clone()).await {
        Ok(()) => return vec![Outcome::Done; number],
        // Even where there is only one: another process may have been in its way.
        Err(error) if error.refuses_content() => {}
        Err(error) => {
            wait(number, &error);
            return vec![Outcome::NotNow; number];
        }
    }
    let mut outcomes = Vec::with_capacity(number);
    for one in all {
        outcomes.push(match take(vec![one]).await {
            Ok(()) => Outcome::Done,
            Err(error) if error.refuses_content() => poison(&error),
            Err(error) => {
                wait(1, &error);
                Outcome::NotNow
            }
        });
    }
    outcomes
}

/// What a database says about a value may quote it, so only its code is told.
fn poison(error: &Error) -> Outcome {
    let code = error.sqlstate().map_or("unknown", |code| code.code());
    Outcome::Poison(format!(
        "the database cannot hold what it says (SQLSTATE {code})"
    ))
}

fn wait(messages: usize, error: &Error) {
    let code = error.sqlstate().map(|code| code.code().to_owned());
    tracing::warn!(
        messages,
        %error,
        code,
        "what messages carry could not be taken in yet"
    );
}
