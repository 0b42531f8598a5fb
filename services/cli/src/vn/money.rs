//! `money`, `words`, `amount`.

use serde::Serialize;
use vietnam::money::Dong;

use super::topic::{Problem, Topic, fields};

#[derive(Serialize)]
struct Money {
    text: String,
    short: String,
}

pub(super) fn money() -> Topic {
    fields(|item| {
        let dong = read(item)?;
        Ok(Money {
            text: dong.to_string(),
            short: dong.short(),
        })
    })
}

#[derive(Serialize)]
struct Words {
    text: String,
    capitalised: String,
}

pub(super) fn words() -> Topic {
    fields(|item| {
        let dong = read(item)?;
        Ok(Words {
            text: dong.in_words(),
            capitalised: dong.in_words_capitalised(),
        })
    })
}

#[derive(Serialize)]
struct Amount {
    dong: i64,
}

pub(super) fn amount() -> Topic {
    fields(|item| read(item).map(|dong| Amount { dong: dong.0 }))
}

fn read(item: &str) -> Result<Dong, Problem> {
    Dong::parse(item).map_err(Problem::of)
}
