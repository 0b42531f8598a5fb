//! Walking the chain.

use std::collections::HashMap;
use std::fmt;

use tokio_postgres::Row;

use super::leaf::{Leaf, seal_hash};
use super::seal::head;
use super::{Anchor, GENESIS, Hash};
use crate::database::Session;
use crate::error::Result;

/// Seals read at once; with full seals that is 20,000 rows in memory.
const SEALS_PER_PAGE: i64 = 20;

const SEALS: &str = "
    select s.number, s.seqs, s.leaves, s.previous, s.hash
    from audit_seal s
    where s.number > $1
    order by s.number
    limit $2";

const ROWS: &str = "
    select a.seq, a.recorded_at, a.subject, a.organisation, a.method, a.resource,
           a.request_id, a.request_hash
    from audit a
    where a.seq = any ($1)";

const UNSEALED: &str = "
    select a.seq
    from audit a
    where not exists (select from audit_pending p where p.seq = a.seq)
    except
    select unnest(s.seqs) from audit_seal s
    order by 1";

const PENDING: &str = "select count(*) from audit_pending";

/// Something that should not be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The row is not what was sealed.
    Edited(i64),
    /// The row was sealed and is gone.
    Removed(i64),
    /// The row went past the service: it neither waits for a seal nor has one.
    PutIn(i64),
    /// The seal of this number does not fit what it covers or the one before it.
    SealBroken(i64),
    /// The seal of this number is gone though later ones, or the head, are there.
    SealRemoved(i64),
    /// The chain ends before the anchor that was kept outside.
    BehindAnchor(i64),
}

impl fmt::Display for Fault {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Edited(seq) => write!(formatter, "row {seq} was edited"),
            Self::Removed(seq) => write!(formatter, "row {seq} was removed"),
            Self::PutIn(seq) => write!(formatter, "row {seq} was put in beside the service"),
            Self::SealBroken(number) => write!(formatter, "seal {number} is broken"),
            Self::SealRemoved(number) => write!(formatter, "seal {number} was removed"),
            Self::BehindAnchor(number) => {
                write!(
                    formatter,
                    "the chain does not contain the seal {number} that was kept outside"
                )
            }
        }
    }
}

/// What [`verify`] found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Rows under a seal.
    pub entries: u64,
    /// Rows that wait for theirs.
    pub pending: i64,
    /// The last seal, to be kept outside.
    pub anchor: Option<Anchor>,
    /// Everything that should not be, in the order of the chain.
    pub faults: Vec<Fault>,
}

impl Report {
    /// Whether the chain holds.
    #[must_use]
    pub fn holds(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Walks the whole chain; `kept` is an anchor of an earlier report.
///
/// Best run in a transaction of its own when the service is at work: rows sealed
/// meanwhile are seen or not, but never half.
///
/// # Errors
/// What the database says.
pub async fn verify(session: &impl Session, kept: Option<Anchor>) -> Result<Report> {
    // First, so that what is sealed during the walk is not missed by it.
    let head = head(session).await?;
    let mut walk = Walk::new(kept);
    loop {
        let seals = session
            .query(SEALS, &[&walk.last.number, &SEALS_PER_PAGE])
            .await?;
        if seals.is_empty() {
            break;
        }
        let seals: Vec<Seal> = seals.iter().map(Seal::of).collect();
        let seqs: Vec<i64> = seals
            .iter()
            .flat_map(|seal| seal.seqs.iter().copied())
            .collect();
        let rows = session.query(ROWS, &[&seqs]).await?;
        let present: HashMap<i64, Hash> = rows
            .iter()
            .map(Leaf::of)
            .map(|leaf| (leaf.seq, leaf.hash))
            .collect();
        seals.iter().for_each(|seal| walk.step(seal, &present));
    }
    walk.arrive(head);
    let put_in = session.query(UNSEALED, &[]).await?;
    walk.report
        .faults
        .extend(put_in.iter().map(|row| Fault::PutIn(row.get(0))));
    walk.report.pending = session.query_one(PENDING, &[]).await?.get(0);
    Ok(walk.report)
}

struct Seal {
    number: i64,
    seqs: Vec<i64>,
    leaves: Vec<u8>,
    previous: Vec<u8>,
    hash: Vec<u8>,
}

impl Seal {
    fn of(row: &Row) -> Self {
        Self {
            number: row.get(0),
            seqs: row.get(1),
            leaves: row.get(2),
            previous: row.get(3),
            hash: row.get(4),
        }
    }
}

struct Walk {
    last: Anchor,
    kept: Option<Anchor>,
    report: Report,
}

impl Walk {
    fn new(kept: Option<Anchor>) -> Self {
        let last = Anchor {
            number: 0,
            hash: GENESIS,
        };
        Self {
            last,
            kept,
            report: Report::default(),
        }
    }

    fn step(&mut self, seal: &Seal, present: &HashMap<i64, Hash>) {
        let faults = &mut self.report.faults;
        let gap = self.last.number + 1..seal.number;
        let follows = gap.is_empty();
        faults.extend(gap.map(Fault::SealRemoved));
        for (seq, sealed) in seal.seqs.iter().zip(seal.leaves.chunks(32)) {
            match present.get(seq) {
                Some(hash) if hash == sealed => {}
                Some(_) => faults.push(Fault::Edited(*seq)),
                None => faults.push(Fault::Removed(*seq)),
            }
        }
        let hash = seal_hash(&seal.previous, seal.number, &seal.seqs, &seal.leaves);
        let linked = !follows || seal.previous == self.last.hash;
        if !linked || seal.hash != hash {
            faults.push(Fault::SealBroken(seal.number));
        }
        self.last = Anchor {
            number: seal.number,
            hash,
        };
        self.report.entries += seal.seqs.len() as u64;
        if self.kept.is_some_and(|kept| kept == self.last) {
            self.kept = None;
        }
    }

    fn arrive(&mut self, head: Option<Anchor>) {
        let faults = &mut self.report.faults;
        if let Some(head) = head {
            faults.extend((self.last.number + 1..=head.number).map(Fault::SealRemoved));
            if head.number == self.last.number && head.hash != self.last.hash {
                faults.push(Fault::SealBroken(head.number));
            }
        } else if self.last.number > 0 {
            faults.push(Fault::SealRemoved(self.last.number + 1));
        }
        faults.extend(self.kept.map(|kept| Fault::BehindAnchor(kept.number)));
        self.report.anchor = (self.last.number > 0).then_some(self.last);
    }
}
