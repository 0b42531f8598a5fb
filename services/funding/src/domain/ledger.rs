//! What each movement of money posts. `available = budget - committed -
//! disbursed + returned` holds because every transfer sums to zero.

use std::collections::BTreeMap;

/// An account of a programme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Account {
    /// Where the money comes from; the only account below zero.
    Budget,
    /// Free to be approved.
    Available,
    /// Promised, not paid yet.
    Committed,
    /// Paid out.
    Disbursed,
    /// Paid back unused.
    Returned,
}

impl Account {
    /// Every account, in the order in which a transfer locks them.
    pub const ALL: [Self; 5] = [
        Self::Available,
        Self::Budget,
        Self::Committed,
        Self::Disbursed,
        Self::Returned,
    ];

    /// The stored word.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Budget => "budget",
            Self::Available => "available",
            Self::Committed => "committed",
            Self::Disbursed => "disbursed",
            Self::Returned => "returned",
        }
    }

    /// Reads the stored word.
    #[must_use]
    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|account| account.word() == word)
    }

    /// What the balance never falls below, in đồng.
    #[must_use]
    pub const fn floor(self) -> Option<i64> {
        match self {
            Self::Budget | Self::Returned => None,
            Self::Available | Self::Committed | Self::Disbursed => Some(0),
        }
    }
}

/// A movement of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Movement {
    /// A budget is opened.
    Budget(i64),
    /// An approval promises money.
    Commitment(i64),
    /// Promised money is paid out.
    Disbursement(i64),
}

impl Movement {
    /// The stored word of the transfer.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Budget(_) => "budget",
            Self::Commitment(_) => "commitment",
            Self::Disbursement(_) => "disbursement",
        }
    }

    /// Its entries, accounts in locking order; they sum to zero.
    #[must_use]
    pub fn entries(self) -> [(Account, i64); 2] {
        match self {
            Self::Budget(amount) => [(Account::Available, amount), (Account::Budget, -amount)],
            Self::Commitment(amount) => {
                [(Account::Available, -amount), (Account::Committed, amount)]
            }
            Self::Disbursement(amount) => {
                [(Account::Committed, -amount), (Account::Disbursed, amount)]
            }
        }
    }
}

/// Balance and version of an account.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// In đồng.
    pub balance: i64,
    /// Version of the last entry; 0 before the first.
    pub version: i64,
}

/// A line ready to be posted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    /// The account.
    pub account: Account,
    /// In đồng, never 0.
    pub amount: i64,
    /// Version of the account after it.
    pub account_version: i64,
    /// Balance after it, in đồng.
    pub balance_after: i64,
}

/// Continues each account by the movement's entries; `None` where an amount
/// cannot be counted any more.
#[must_use]
pub fn post(movement: Movement, positions: &BTreeMap<Account, Position>) -> Option<Vec<Entry>> {
    movement
        .entries()
        .into_iter()
        .map(|(account, amount)| {
            let before = positions.get(&account).copied().unwrap_or_default();
            Some(Entry {
                account,
                amount,
                account_version: before.version.checked_add(1)?,
                balance_after: before.balance.checked_add(amount)?,
            })
        })
        .collect()
}

/// The figures of a programme, in đồng.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Figures {
    /// What it started with.
    pub budget: i64,
    /// Promised, not paid yet.
    pub committed: i64,
    /// Paid out.
    pub disbursed: i64,
    /// Paid back unused.
    pub returned: i64,
    /// Free to be approved.
    pub available: i64,
}

impl Figures {
    /// Reads them off the accounts.
    #[must_use]
    pub fn of(positions: &BTreeMap<Account, Position>) -> Self {
        let balance = |account: Account| {
            positions
                .get(&account)
                .map_or(0, |position| position.balance)
        };
        Self {
            budget: -balance(Account::Budget),
            committed: balance(Account::Committed),
            disbursed: balance(Account::Disbursed),
            returned: -balance(Account::Returned),
            available: balance(Account::Available),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use proptest::prelude::*;

    use super::*;

    fn movement() -> impl Strategy<Value = Movement> {
        (0..3u8, 1..1_000_000_000_000i64).prop_map(|(kind, amount)| match kind {
            0 => Movement::Budget(amount),
            1 => Movement::Commitment(amount),
            _ => Movement::Disbursement(amount),
        })
    }

    proptest! {
        #[test]
        fn whatever_is_posted_the_accounts_sum_to_zero_and_the_figures_agree(
            movements in proptest::collection::vec(movement(), 1..40)
        ) {
            let mut positions = BTreeMap::new();
            for movement in movements {
                let entries = post(movement, &positions).unwrap();
                prop_assert_eq!(entries.iter().map(|entry| entry.amount).sum::<i64>(), 0);
                for entry in entries {
                    let position: &mut Position = positions.entry(entry.account).or_default();
                    prop_assert_eq!(entry.account_version, position.version + 1);
                    *position = Position { balance: entry.balance_after, version: entry.account_version };
                }
                prop_assert_eq!(positions.values().map(|position| position.balance).sum::<i64>(), 0);
                let figures = Figures::of(&positions);
                prop_assert_eq!(
                    figures.available,
                    figures.budget - figures.committed - figures.disbursed + figures.returned
                );
            }
        }
    }

    #[test]
    fn entries_stand_in_the_order_in_which_accounts_are_locked() {
        for movement in [
            Movement::Budget(1),
            Movement::Commitment(1),
            Movement::Disbursement(1),
        ] {
            let [(first, _), (second, _)] = movement.entries();
            assert!(first.word() < second.word());
        }
    }
}
