//! Floods of frames on one connection (S5).

use std::time::{Duration, Instant};

use lienminh_local::suite::Token;

use crate::frames::{
    ACK, CONTINUATION, DATA, END_HEADERS, END_STREAM, HEADERS, PING, RST_STREAM, SETTINGS,
    WINDOW_UPDATE, call, frame,
};
use crate::ground::{Ground, PATH};
use crate::neighbour::PATIENCE;
use crate::rogue::{ENHANCE_YOUR_CALM, PROTOCOL_ERROR, Rogue, Seen};

/// Memory that a flood may cost, in MiB.
const MEMORY: u64 = 50;

/// A connection that floods is closed within this time after its last frame; two seconds on an
/// idle machine.
const CUT: Duration = Duration::from_secs(10);

/// The reason of a caller who does not want the answer any more (RFC 9113, section 7).
const CANCEL: [u8; 4] = 8_u32.to_be_bytes();

/// A frame that makes the other end reset the stream with this number.
type Provocation = fn(u32) -> Vec<u8>;

/// The reasons with which a flood is ended.
const REASONS: [u32; 2] = [ENHANCE_YOUR_CALM, PROTOCOL_ERROR];

/// Sends the frames of each turn until it is over or the other end hangs up; how many turns.
async fn flood(rogue: &mut Rogue, turns: u32, mut frames: impl FnMut(u32) -> Vec<u8>) -> u32 {
    const AT_ONCE: u32 = 50;
    let mut turn = 0;
    while turn < turns {
        let last = (turn + AT_ONCE).min(turns);
        let bytes: Vec<u8> = (turn..last).flat_map(&mut frames).collect();
        if !rogue.send(&bytes).await {
            break;
        }
        turn = last;
    }
    turn
}

/// Streams of callers have odd numbers.
pub(crate) fn stream(turn: u32) -> u32 {
    2 * turn + 1
}

/// The other end said why and hung up. The reset of a connection can overtake the farewell.
async fn is_ended(rogue: &mut Rogue, what: &str) {
    let begun = Instant::now();
    let seen = rogue.is_cut_within(CUT).await;
    let Some(Seen { farewell, .. }) = seen else {
        panic!(
            "{what}: not ended in {:?}: {:?}",
            begun.elapsed(),
            rogue.seen()
        );
    };
    assert!(
        farewell.is_none_or(|reason| REASONS.contains(&reason)),
        "{what}: {farewell:?}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_rapid_resets_end_their_connections_and_nobody_elses() {
    const RESETS: u32 = 100_000;
    let ground = Ground::open().await;
    let neighbour = ground.neighbour();
    let before = ground.memory().await;
    let head = call(PATH, &ground.token);
    let (mut sent, mut connections) = (0, 0);
    while sent < RESETS {
        let mut rogue = Rogue::greet(ground.grpc()).await;
        let here = flood(&mut rogue, RESETS, |turn| {
            let mut frames = frame(HEADERS, END_HEADERS, stream(turn), &head);
            frames.extend(frame(RST_STREAM, 0, stream(turn), &CANCEL));
            frames
        })
        .await;
        assert!(here < RESETS, "the flood was never stopped");
        is_ended(&mut rogue, "rapid resets").await;
        sent += here.max(1);
        connections += 1;
    }
    println!("{sent} resets over {connections} connections");
    neighbour.was_served("rapid resets").await;
    let grown = ground.memory().await.saturating_sub(before);
    println!("rapid resets: {grown} MiB");
    assert!(grown <= MEMORY, "{grown} MiB");
}

/// Who waits until a call has been taken up cannot be told from a caller in a hurry.
#[tokio::test(flavor = "multi_thread")]
async fn patient_resets_keep_nobody_waiting() {
    let ground = Ground::open().await;
    let neighbour = ground.neighbour();
    let head = call(PATH, &ground.token);
    let mut rogue = Rogue::greet(ground.grpc()).await;
    for turn in 0..2_000 {
        let opened = frame(HEADERS, END_HEADERS | END_STREAM, stream(turn), &head);
        if !rogue.send(&opened).await {
            break;
        }
        tokio::time::sleep(Duration::from_millis(1)).await;
        rogue
            .send(&frame(RST_STREAM, 0, stream(turn), &CANCEL))
            .await;
    }
    neighbour.was_served("patient resets").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_makes_us_reset_streams_is_cut() {
    let ground = Ground::open().await;
    let neighbour = ground.neighbour();
    let before = ground.memory().await;
    let head = call(PATH, &ground.token);
    let variants: [(&str, Provocation); 3] = [
        ("an increment of zero", |stream| {
            frame(WINDOW_UPDATE, 0, stream, &0_u32.to_be_bytes())
        }),
        ("an increment beyond the largest window", |stream| {
            frame(WINDOW_UPDATE, 0, stream, &0x7fff_ffff_u32.to_be_bytes())
        }),
        ("data after the end", |stream| {
            frame(DATA, 0, stream, b"more")
        }),
    ];
    for (what, provoke) in variants {
        let mut rogue = Rogue::greet(ground.grpc()).await;
        flood(&mut rogue, 20_000, |turn| {
            let mut frames = frame(HEADERS, END_HEADERS | END_STREAM, stream(turn), &head);
            frames.extend(provoke(stream(turn)));
            frames
        })
        .await;
        is_ended(&mut rogue, what).await;
    }
    neighbour.was_served("provoked resets").await;
    let grown = ground.memory().await.saturating_sub(before);
    assert!(grown <= MEMORY, "{grown} MiB");
}

#[tokio::test(flavor = "multi_thread")]
async fn floods_of_small_frames_are_cut_or_cost_nothing() {
    let ground = Ground::open().await;
    let neighbour = ground.neighbour();
    let before = ground.memory().await;
    let head = call(PATH, &ground.token);

    let mut rogue = Rogue::greet(ground.grpc()).await;
    assert!(rogue.send(&frame(HEADERS, 0, 1, &head)).await);
    flood(&mut rogue, 10_000, |_| frame(CONTINUATION, 0, 1, &[])).await;
    is_ended(&mut rogue, "continuations").await;

    let mut rogue = Rogue::greet(ground.grpc()).await;
    assert!(rogue.send(&frame(HEADERS, END_HEADERS, 1, &head)).await);
    flood(&mut rogue, 10_000, |_| frame(DATA, 0, 1, &[])).await;
    is_ended(&mut rogue, "empty data").await;

    // A header list beyond 16 KiB, in one piece and in many.
    let mut rogue = Rogue::greet(ground.grpc()).await;
    let mut fat = head.clone();
    for _ in 0..20 {
        fat.extend([0, 1, b'x', 127, 225, 6]);
        fat.extend([b'a'; 992]);
    }
    let (first, rest) = fat.split_at(10_000);
    assert!(rogue.send(&frame(HEADERS, END_STREAM, 1, first)).await);
    assert!(rogue.send(&frame(CONTINUATION, END_HEADERS, 1, rest)).await);
    let refused = lienminh_local::wait::until("a fat head is refused", CUT, || {
        let seen = rogue.seen();
        let refused = seen.frames[usize::from(RST_STREAM)] + seen.frames[usize::from(HEADERS)];
        std::future::ready(Ok(refused > 0 || seen.farewell.is_some()))
    });
    refused.await.unwrap();

    // These have no limit of their own: each is answered before the next is read, so that the
    // sender pays as much as we do.
    for (what, kind, payload) in [("pings", PING, &[7; 8][..]), ("settings", SETTINGS, &[])] {
        let mut rogue = Rogue::greet(ground.grpc()).await;
        let sent = flood(&mut rogue, 10_000, |_| frame(kind, 0, 0, payload)).await;
        println!("{what}: {sent} sent, {:?} answered", rogue.seen());
        // Answers to answers would be for ever.
        assert!(rogue.send(&frame(kind, ACK, 0, payload)).await || sent < 10_000);
    }
    neighbour.was_served("small frames").await;
    let grown = ground.memory().await.saturating_sub(before);
    assert!(grown <= MEMORY, "{grown} MiB");
}

/// Calls that are opened and never sent hold their places until their deadline.
#[tokio::test(flavor = "multi_thread")]
async fn calls_that_are_never_sent_leave_room_for_others() {
    let ground = Ground::open().await;
    let greedy = Token::new("user:greedy", "*");
    let rogues = never_sending(&ground, &greedy, 4).await;
    // Half of the house is theirs; whatever is beyond it is refused at once.
    are_refused(&rogues, 3 * STREAMS).await;
    let neighbour = ground.neighbour();
    tokio::time::sleep(Duration::from_millis(500)).await;
    neighbour.was_served("calls that are never sent").await;
}

/// Streams that are open at one time on one connection.
const STREAMS: u32 = 128;

/// Connections of one caller, full of calls that are never sent.
async fn never_sending(ground: &Ground, who: &Token, connections: usize) -> Vec<Rogue> {
    let head = call(PATH, &ground.stage.suite().token(who).unwrap());
    let mut rogues = Vec::new();
    for _ in 0..connections {
        let mut rogue = Rogue::greet(ground.grpc()).await;
        flood(&mut rogue, STREAMS, |turn| {
            frame(HEADERS, END_HEADERS, stream(turn), &head)
        })
        .await;
        rogues.push(rogue);
    }
    rogues
}

/// Waits until at least so many of their calls were refused.
async fn are_refused(rogues: &[Rogue], many: u32) {
    lienminh_local::wait::until("the greedy are refused", PATIENCE, || {
        let refused = rogues
            .iter()
            .map(|rogue| rogue.seen().frames[usize::from(HEADERS)]);
        std::future::ready(Ok(refused.sum::<u32>() >= many))
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn members_whose_calls_are_never_sent_keep_no_other_member_and_no_clerk_out() {
    let ground = Ground::open().await;
    let member = |number: u32| {
        let name = format!("organisations/00000000-0000-7000-8000-{number:012}");
        Token::new("system:portal", "*").bound_to(&name)
    };
    let mut rogues = Vec::new();
    for number in 0..2 {
        let own = never_sending(&ground, &member(number), 2).await;
        // All that a member may have is taken, and one call more was refused.
        are_refused(&own, 1).await;
        rogues.push(own);
    }
    let modest = ground.stage.suite().token(&member(2)).unwrap();
    let (clerk, other) = (ground.neighbour(), ground.neighbour_as(&modest));
    tokio::time::sleep(Duration::from_millis(500)).await;
    let during = "two members that send nothing";
    clerk.was_served(during).await;
    // What it asks for is the house's: it is told so, and not to come again later.
    other.was_heard(during, "its own organisation").await;
    drop(rogues);
}
