//! Hashes of rows and of seals.

use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio_postgres::Row;
use uuid::Uuid;

use super::Hash;

/// An audit row with its number.
pub(super) struct Leaf {
    pub(super) seq: i64,
    pub(super) hash: Hash,
}

impl Leaf {
    /// Of a row with the columns `seq, recorded_at, subject, organisation, method,
    /// resource, request_id, request_hash`.
    pub(super) fn of(row: &Row) -> Self {
        let seq: i64 = row.get(0);
        let recorded_at: Timestamp = row.get(1);
        let request_id: Uuid = row.get(6);
        let mut hasher = Sha256::new()
            .chain_update(seq.to_be_bytes())
            .chain_update(recorded_at.as_microsecond().to_be_bytes());
        for text in [row.get(2), row.get(3), row.get(4), row.get(5)] {
            add(&mut hasher, text);
        }
        hasher.update(request_id.as_bytes());
        hasher.update(row.get::<_, &[u8]>(7));
        Self {
            seq,
            hash: hasher.finalize().into(),
        }
    }
}

/// With its length before it, and absence apart from emptiness: no two rows look alike.
fn add(hasher: &mut Sha256, text: Option<&str>) {
    match text {
        None => hasher.update([0]),
        Some(text) => {
            hasher.update([1]);
            hasher.update((text.len() as u64).to_be_bytes());
            hasher.update(text);
        }
    }
}

/// The hash of a seal: over the one before it and all rows it covers.
pub(super) fn seal_hash(previous: &[u8], number: i64, seqs: &[i64], leaves: &[u8]) -> Hash {
    let mut hasher = Sha256::new()
        .chain_update(previous)
        .chain_update(number.to_be_bytes())
        .chain_update((seqs.len() as u64).to_be_bytes());
    for seq in seqs {
        hasher.update(seq.to_be_bytes());
    }
    hasher.update(leaves);
    hasher.finalize().into()
}
