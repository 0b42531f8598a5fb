//! Strangers who ask how we are, and never stop listening.

use lienminh_local::wait;

use crate::floods::stream;
use crate::frames::{DATA, HEADERS, asking, call};
use crate::ground::{Ground, PATH};
use crate::neighbour::PATIENCE;
use crate::rogue::Rogue;

const WATCH: &str = "/grpc.health.v1.Health/Watch";
const CHECK: &str = "/grpc.health.v1.Health/Check";

const CONNECTIONS: usize = 250;

/// Watches of each connection.
const EACH: u32 = 8;

/// Watches of strangers in all; the others are refused.
const FOLLOWING: u32 = 256;

/// Memory that they may cost, in MiB: 20 KiB for each connection, 10 for each
/// watch, and what the first calls of a process cost.
const MEMORY: u64 = 16;

/// Frames of a kind that all of them have got.
fn heard(rogues: &[Rogue], kind: u8) -> u32 {
    let each = rogues.iter().map(|rogue| rogue.seen().frames);
    each.map(|frames| frames[usize::from(kind)]).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_thousand_watches_of_strangers_leave_room_for_those_with_a_token() {
    let ground = Ground::open().await;
    let before = ground.memory().await;
    let head = call(WATCH, "");
    let mut rogues = Vec::new();
    for _ in 0..CONNECTIONS {
        let mut rogue = Rogue::greet(ground.grpc()).await;
        let watches: Vec<u8> = (0..EACH)
            .flat_map(|turn| asking(stream(turn), &head))
            .collect();
        assert!(rogue.send(&watches).await);
        rogues.push(rogue);
    }
    // A head with the refusal in it, or one with the state of things after it.
    let all = u32::try_from(CONNECTIONS).unwrap() * EACH;
    wait::until("all are answered", PATIENCE, async || {
        Ok(heard(&rogues, HEADERS) == all && heard(&rogues, DATA) >= FOLLOWING)
    })
    .await
    .unwrap();
    assert_eq!(heard(&rogues, DATA), FOLLOWING);

    let mut stranger = Rogue::greet(ground.grpc()).await;
    assert!(stranger.send(&asking(1, &call(CHECK, ""))).await);
    stranger.hears(DATA, 1).await;

    let mut known = Rogue::greet(ground.grpc()).await;
    assert!(known.send(&asking(1, &call(PATH, &ground.token))).await);
    known.hears(DATA, 1).await;
    assert!(known.send(&asking(3, &head)).await);
    known.hears(DATA, 2).await;
    let grown = ground.memory().await.saturating_sub(before);
    println!("{all} watches: {grown} MiB");
    assert!(grown <= MEMORY, "{grown} MiB");
}
