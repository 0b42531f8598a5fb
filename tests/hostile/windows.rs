//! Callers who ask and open no window for the answer (RFC 9113, section 5.2).

use std::time::Duration;

use crate::floods::stream;
use crate::frames::{DATA, HEADERS, SETTINGS, asking, call, frame, put_field};
use crate::ground::{Ground, PATH};
use crate::rogue::Rogue;

const CHECK: &str = "/grpc.health.v1.Health/Check";

/// Bytes of each answer that a peer takes at first (RFC 9113, section 6.5.2).
const INITIAL_WINDOW: u16 = 4;

/// What these callers allow for an answer.
const DEADLINE: &str = "500m";

/// Unread answers end their connection 2 s after the deadline; a busy machine notices late.
const CUT: Duration = Duration::from_secs(20);

fn window(size: u32) -> Vec<u8> {
    let setting = [&INITIAL_WINDOW.to_be_bytes()[..], &size.to_be_bytes()].concat();
    frame(SETTINGS, 0, 0, &setting)
}

/// Whether somebody who reads so many bytes of the answer and no more is shown out.
async fn is_shown_out(ground: &Ground, path: &str, size: u32) -> bool {
    let mut head = call(path, &ground.token);
    put_field(&mut head, "grpc-timeout", DEADLINE);
    let mut rogue = Rogue::greet(ground.grpc()).await;
    assert!(rogue.send(&window(size)).await);
    assert!(rogue.send(&asking(1, &head)).await);
    rogue.hears(HEADERS, 1).await;
    rogue.is_cut_within(CUT).await.is_some()
}

#[tokio::test(flavor = "multi_thread")]
async fn answers_that_nobody_reads_do_not_outlive_their_deadlines() {
    let ground = Ground::open().await;
    let neighbour = ground.neighbour();
    let shown_out = tokio::join!(
        is_shown_out(&ground, PATH, 0),
        is_shown_out(&ground, PATH, 1),
        is_shown_out(&ground, CHECK, 0),
        is_shown_out(&ground, CHECK, 1),
    );
    assert_eq!(shown_out, (true, true, true, true));
    neighbour.was_served("unread answers").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn strangers_leave_few_answers_unread_on_each_connection() {
    const QUESTIONS: u32 = 100;
    const FEW: u32 = 8;
    let ground = Ground::open().await;
    let head = call(CHECK, "");
    let mut rogue = Rogue::greet(ground.grpc()).await;
    assert!(rogue.send(&window(0)).await);
    let questions: Vec<u8> = (0..QUESTIONS)
        .flat_map(|turn| asking(stream(turn), &head))
        .collect();
    assert!(rogue.send(&questions).await);
    rogue.hears(HEADERS, QUESTIONS).await;
    assert_eq!(rogue.seen().frames[usize::from(DATA)], 0);
    // What waited comes at once, with its trailers; the others were refused.
    assert!(rogue.send(&window(1_000)).await);
    rogue.hears(HEADERS, QUESTIONS + FEW).await;
    assert_eq!(rogue.seen().frames[usize::from(DATA)], FEW);
}
