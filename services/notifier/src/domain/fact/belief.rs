//! Whether a fact may be believed: who tells it, of whose matter, and how far ahead of
//! all that is known it claims to be.

use crate::domain::obligation::Obligation;

/// The highest sequence and version of one matter: one that changed every five minutes
/// for ten years would have as many.
pub const MOST_CHANGES: i64 = 1_000_000;

/// How far ahead of what is known a fact from the broker may be. Facts are lost by the
/// dozen when a broker is wiped; beyond this the comparison with the source decides.
pub const LEAP: i64 = 10_000;

/// What a message says of itself, as the broker brought it.
#[derive(Clone, Copy, Debug)]
pub struct Telling<'m> {
    /// The user who published it; the broker has verified the name.
    pub publisher: Option<&'m str>,
    /// The key it came under, which the broker lets only its owner use.
    pub routing_key: &'m str,
    /// The obligation that its headers name.
    pub aggregate: Option<&'m str>,
    /// The sequence that its headers name.
    pub sequence: Option<i64>,
}

/// Why a fact is not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Disbelief {
    /// The name of a matter begins with the service that owns it.
    #[error("its name is of another service than its source")]
    Name,
    /// Only the service that owns a matter tells of it.
    #[error("whoever published it does not own the matter")]
    Publisher,
    /// The key says otherwise.
    #[error("its routing key is of another service, or of no obligation")]
    RoutingKey,
    /// The headers say otherwise.
    #[error("its headers are of another fact")]
    Headers,
    /// Nothing changes so often.
    #[error("its sequence or version is far beyond what is known")]
    Leap,
}

/// The service that owns a matter, by its name "{source}/obligations/{kind}-{uuid}".
#[must_use]
pub fn owner(name: &str) -> Option<&str> {
    let (source, rest) = name.split_once('/')?;
    let id = rest.strip_prefix("obligations/")?;
    (!source.is_empty() && !id.is_empty()).then_some(source)
}

/// Whether sequence and version can be those of a matter at all.
#[must_use]
pub fn is_plausible(sequence: i64, anchor_version: i64) -> bool {
    (1..=MOST_CHANGES).contains(&sequence) && (0..=MOST_CHANGES).contains(&anchor_version)
}

/// Whether name, key, headers and publisher agree on whose matter this is.
///
/// # Errors
/// [`Disbelief`].
pub fn vouched(telling: Telling<'_>, fact: &Obligation) -> Result<(), Disbelief> {
    let own = owner(&fact.name).filter(|source| *source == fact.source);
    let source = own.ok_or(Disbelief::Name)?;
    if telling.publisher != Some(source) {
        return Err(Disbelief::Publisher);
    }
    let key = telling.routing_key.strip_prefix(source);
    if !key.is_some_and(|rest| rest.starts_with(".v1.obligation.")) {
        return Err(Disbelief::RoutingKey);
    }
    let named = telling.aggregate.is_none_or(|name| name == fact.name);
    let counted = telling
        .sequence
        .is_none_or(|number| number == fact.sequence);
    if named && counted {
        Ok(())
    } else {
        Err(Disbelief::Headers)
    }
}

/// Whether a fact from the broker may be the next of what is `known` (sequence and
/// version; nought where nothing is).
///
/// # Errors
/// [`Disbelief::Leap`].
pub fn follows(known: Option<(i64, i64)>, fact: &Obligation) -> Result<(), Disbelief> {
    let (sequence, version) = known.unwrap_or_default();
    let near = |before: i64, now: i64| now.saturating_sub(before) <= LEAP;
    if near(sequence, fact.sequence) && near(version, fact.anchor_version) {
        Ok(())
    } else {
        Err(Disbelief::Leap)
    }
}
