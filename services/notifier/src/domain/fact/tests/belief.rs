//! Who may tell what of whom.

use super::super::belief::{
    Disbelief, LEAP, MOST_CHANGES, Telling, follows, is_plausible, owner, vouched,
};
use super::play::{matter, starts};
use crate::domain::obligation::Obligation;

fn fact() -> Obligation {
    Obligation {
        name: "events/obligations/event-1".to_owned(),
        source: "events".to_owned(),
        sequence: 7,
        ..matter("event", starts("2024-04-11T08:00"), "2024-04-01T08:00")
    }
}

const TOLD: Telling<'_> = Telling {
    publisher: Some("events"),
    routing_key: "events.v1.obligation.moved",
    aggregate: Some("events/obligations/event-1"),
    sequence: Some(7),
};

#[test]
fn a_service_tells_of_its_own_matters_and_of_no_others() {
    assert_eq!(vouched(TOLD, &fact()), Ok(()));
    for publisher in [None, Some("registry"), Some("stage"), Some("Events")] {
        let told = Telling { publisher, ..TOLD };
        assert_eq!(
            vouched(told, &fact()),
            Err(Disbelief::Publisher),
            "{publisher:?}"
        );
    }
    let mut foreign = fact();
    foreign.source = "registry".to_owned();
    assert_eq!(vouched(TOLD, &foreign), Err(Disbelief::Name));
    foreign.name = "registry/obligations/batch-1".to_owned();
    assert_eq!(vouched(TOLD, &foreign), Err(Disbelief::Publisher));
}

#[test]
fn key_and_headers_must_agree_with_what_it_says() {
    for routing_key in [
        "registry.v1.obligation.moved",
        "events.v1.event.moved",
        "events.v2.obligation.moved",
        "eventsx.v1.obligation.moved",
        "",
    ] {
        let told = Telling {
            routing_key,
            ..TOLD
        };
        assert_eq!(
            vouched(told, &fact()),
            Err(Disbelief::RoutingKey),
            "{routing_key}"
        );
    }
    let other = Some("events/obligations/event-2");
    let told = Telling {
        aggregate: other,
        ..TOLD
    };
    assert_eq!(vouched(told, &fact()), Err(Disbelief::Headers));
    let told = Telling {
        sequence: Some(8),
        ..TOLD
    };
    assert_eq!(vouched(told, &fact()), Err(Disbelief::Headers));
}

#[test]
fn names_without_an_owner_are_nobodys() {
    for name in [
        "",
        "events",
        "events/obligations/",
        "/obligations/x",
        "events/events/x",
    ] {
        assert_eq!(owner(name), None, "{name}");
    }
}

#[test]
fn a_sequence_from_beyond_all_counting_is_not_believed() {
    let at = |sequence, anchor_version| Obligation {
        sequence,
        anchor_version,
        ..fact()
    };
    assert_eq!(follows(Some((7, 3)), &at(8, 3)), Ok(()));
    assert_eq!(follows(None, &at(LEAP, 1)), Ok(()));
    for beyond in [at(i64::MAX - 1, 3), at(8 + LEAP, 3), at(8, i64::MAX)] {
        assert_eq!(follows(Some((7, 3)), &beyond), Err(Disbelief::Leap));
    }
    assert!(is_plausible(1, 0) && is_plausible(MOST_CHANGES, MOST_CHANGES));
    for (sequence, version) in [
        (0, 1),
        (-1, 1),
        (1, -1),
        (MOST_CHANGES + 1, 1),
        (1, i64::MAX),
    ] {
        assert!(!is_plausible(sequence, version), "{sequence} {version}");
    }
}
