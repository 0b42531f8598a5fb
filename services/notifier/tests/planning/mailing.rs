use lienminh_proto::obligation::v1::{ObligationClass, PartyState};
use lienminh_proto::registry::v1 as registry;

use crate::bed::{Bed, due_before, event, eventually, local, moved, starts};
use crate::world::{landline, mailbox, mobile, party};

/// How each behind the shared address answers.
const ANSWERS: &str = "
    select (a.answer ->> 'name') || ': ' || (a.answer ->> 'answer_code')
    from delivery d
    join jsonb_array_elements(d.party -> 'answers') with ordinality as a (answer, place) on true
    where d.state in ('QUEUED', 'SENT')
    order by d.id, a.place";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_party_gets_one_row_and_who_gets_nothing_is_told_why() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let world = &bed.world;
    let fact = event("seminar", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let claimed_at = kit::wire::timestamp(local("2024-03-26T09:00"));
    let mut claimed = party(
        &world.organisation("Đ đã báo", vec![mailbox("d@a.example")]),
        PartyState::ClaimedDone,
    );
    claimed.state_time = Some(claimed_at);
    let suspended = world.organisation("G tạm dừng", vec![mailbox("g@a.example")]);
    world.change(&suspended, |reach| {
        reach.membership_state = registry::MembershipState::Suspended.into();
    });
    let parties = vec![
        party(
            &world.organisation(
                "A có thư",
                vec![mobile("+84590000001"), mailbox("a@a.example")],
            ),
            PartyState::Concerned,
        ),
        party(
            &world.organisation("B có di động", vec![mobile("+84590000002")]),
            PartyState::Concerned,
        ),
        party(
            &world.organisation("C xong", vec![mailbox("c@a.example")]),
            PartyState::Done,
        ),
        claimed,
        party(
            &world.organisation("E từ chối", vec![mailbox("e@a.example")]),
            PartyState::Declined,
        ),
        party(
            &world.organisation("F chung thư", vec![mailbox("A@a.example")]),
            PartyState::Concerned,
        ),
        party(&suspended, PartyState::Concerned),
        party(
            &world.organisation("H bàn", vec![landline("+842613842123")]),
            PartyState::Concerned,
        ),
        party(
            "organisations/0190b6a0-0000-7000-8000-000000000000",
            PartyState::Concerned,
        ),
    ];
    world.held().parties.insert(fact.name.clone(), parties);
    bed.tell(&fact).await;
    bed.accept_all().await;
    assert_eq!(
        bed.rows().await,
        [
            ": none SUPPRESSED unknown_organisation",
            "A có thư: email SENT",
            "B có di động: sms SENT",
            "C xong: none SATISFIED done",
            "E từ chối: none SUPPRESSED declined",
            "F chung thư: email SUPPRESSED same_address",
            "G tạm dừng: none SUPPRESSED suspended",
            "H bàn: none SUPPRESSED no_address",
            "Đ đã báo: none SUPPRESSED claimed",
        ]
    );
    let greeted = bed
        .lines("select party ->> 'greeted' from delivery where organisation_name = 'A có thư'")
        .await;
    assert_eq!(greeted, ["[\"A có thư\", \"F chung thư\"]"]);
    let reply = bed
        .lines(
            "select party ->> 'reply_url' from delivery where organisation_name = 'B có di động'",
        )
        .await;
    assert_eq!(reply, ["http://reply.example/r/token"]);
    assert_eq!(
        bed.lines(ANSWERS).await,
        ["A có thư: 4827", "F chung thư: 4827"]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_stands_otherwise_behind_the_same_address_gets_a_message_of_its_own() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("seminar", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let states = [
        ("A", PartyState::Confirmed),
        ("B", PartyState::Concerned),
        ("C", PartyState::Concerned),
    ];
    let parties = states.map(|(name, state)| {
        let own = bed.world.organisation(name, vec![mailbox("xa@a.example")]);
        let mut party = party(&own, state);
        party.answer_code = format!("code {name}");
        party
    });
    bed.world
        .held()
        .parties
        .insert(fact.name.clone(), parties.to_vec());
    bed.tell(&fact).await;
    assert_eq!(
        bed.rows().await,
        [
            "A: email QUEUED",
            "B: email QUEUED",
            "C: email SUPPRESSED same_address"
        ]
    );
    assert_eq!(bed.lines(ANSWERS).await, ["B: code B", "C: code C"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_place_that_is_only_online_is_told_with_its_link() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let mut fact = event("meeting", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let online = |uri: &str| {
        Some(lienminh_proto::obligation::v1::Place {
            online_uri: uri.to_owned(),
            ..Default::default()
        })
    };
    fact.place = online("https://hop.example/1");
    let own = bed.world.organisation("A", vec![mailbox("a@a.example")]);
    let parties = vec![party(&own, PartyState::Concerned)];
    bed.world.held().parties.insert(fact.name.clone(), parties);
    bed.tell(&fact).await;
    bed.accept_all().await;
    bed.to("2024-03-28T10:00").await;
    let mut elsewhere = moved(&fact, "2024-04-11T08:00", "2024-03-28T10:00");
    elsewhere.place = online("https://hop.example/2");
    bed.tell(&elsewhere).await;
    bed.to("2024-03-28T10:30").await;
    let places = "
        select o.step || ' ' || (l.letter ->> 'kind')
               || ' ' || (l.letter -> 'place' ->> 'online_uri')
               || ' ' || coalesce(l.letter -> 'old_place' ->> 'online_uri', '')
        from occurrence_letter l
        join occurrence o on o.id = l.occurrence_id
        order by o.due_at";
    assert_eq!(
        bed.lines(places).await,
        [
            "issue invitation https://hop.example/1 ",
            "correction event_place_changed https://hop.example/2 https://hop.example/1"
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn case_09_an_advert_goes_only_to_who_agreed_and_a_dead_mailbox_counts_as_none() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let world = &bed.world;
    let mut fact = event("fair", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    fact.class = ObligationClass::Advert.into();
    let agreed = |mut contact: registry::Contact| {
        contact.consents.push(registry::Consent {
            purpose: registry::ConsentPurpose::Advert.into(),
            granted: true,
            ..registry::Consent::default()
        });
        contact
    };
    let parties = vec![
        party(
            &world.organisation("A đồng ý", vec![agreed(mailbox("a@a.example"))]),
            PartyState::Concerned,
        ),
        party(
            &world.organisation("B chưa", vec![mailbox("b@a.example")]),
            PartyState::Concerned,
        ),
        party(
            &world.organisation(
                "C thư hỏng",
                vec![
                    agreed(mailbox("dead@a.example")),
                    agreed(mobile("+84590000003")),
                ],
            ),
            PartyState::Concerned,
        ),
    ];
    world.held().parties.insert(fact.name.clone(), parties);
    let other = event("visit", starts("2024-04-12T08:00"), "2024-03-27T09:00");
    let dead = party(
        &world.organisation("Z", vec![mailbox("Dead@a.example")]),
        PartyState::Concerned,
    );
    world.held().parties.insert(other.name.clone(), vec![dead]);
    bed.tell(&other).await;
    bed.execute(
        "insert into suppression (channel, address, reason, delivery_id, business_at)
         select 'email', 'dead@a.example', '550 5.1.1', d.id, d.state_at from delivery d",
    )
    .await;
    bed.tell(&fact).await;
    bed.accept_all().await;
    assert_eq!(
        bed.rows().await[..3],
        [
            "A đồng ý: email SENT",
            "B chưa: none SUPPRESSED no_consent",
            "C thư hỏng: sms SENT",
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_refuses_messages_about_work_hears_only_of_what_the_law_asks_for() {
    use ObligationClass::{Care, Invitation, LegalDeadline};
    let bed = Bed::open("2024-03-27T09:00").await;
    let refusing = |mut contact: registry::Contact| {
        contact.consents.push(registry::Consent {
            purpose: registry::ConsentPurpose::Work.into(),
            granted: false,
            ..registry::Consent::default()
        });
        contact
    };
    for class in [Invitation, Care, LegalDeadline] {
        let mut fact = event("fair", starts("2024-04-11T08:00"), "2024-03-27T09:00");
        fact.name = format!("events/obligations/event-{class:?}");
        fact.class = class.into();
        let mine = format!("{class:?}.example");
        let nobody = vec![refusing(mailbox(&format!("a@{mine}")))];
        let another = vec![
            refusing(mailbox(&format!("b@{mine}"))),
            mailbox(&format!("c@{mine}")),
        ];
        let parties = [("A", nobody), ("B", another)].map(|(name, contacts)| {
            let name = format!("{class:?} {name}");
            let organisation = bed.world.organisation(&name, contacts);
            party(&organisation, PartyState::Concerned)
        });
        let name = fact.name.clone();
        bed.world.held().parties.insert(name, parties.to_vec());
        bed.tell(&fact).await;
    }
    bed.accept_all().await;
    let told = bed
        .lines("select organisation_name || ': ' || coalesce(address, '') || ' ' || reason from delivery order by 1")
        .await;
    assert_eq!(
        told,
        [
            "Care A:  work_refused",
            "Care B: c@Care.example ",
            "Invitation A:  work_refused",
            "Invitation B: c@Invitation.example ",
            "LegalDeadline A: a@LegalDeadline.example ",
            "LegalDeadline B: b@LegalDeadline.example ",
        ]
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_report_is_chased_by_its_ladder_and_stops_for_who_has_submitted() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let mut fact = event("report", due_before(2024, 4, 10), "2024-03-27T09:00");
    fact.class = ObligationClass::LegalDeadline.into();
    let early = bed
        .world
        .organisation("Nộp sớm", vec![mailbox("a@a.example")]);
    let late = bed
        .world
        .organisation("Nộp muộn", vec![mailbox("b@a.example")]);
    let parties =
        |first: PartyState| vec![party(&early, first), party(&late, PartyState::Concerned)];
    bed.world
        .held()
        .parties
        .insert(fact.name.clone(), parties(PartyState::Concerned));
    bed.tell(&fact).await;
    bed.to("2024-04-03T00:00").await;
    bed.world
        .held()
        .parties
        .insert(fact.name.clone(), parties(PartyState::Done));
    bed.to("2024-05-01T00:00").await;
    assert_eq!(
        bed.timeline().await,
        [
            "t-7 04-02 08:00",
            "t-3 04-04 08:00",
            "t-1 04-08 08:00",
            "late-1 04-10 08:00",
            "late-3 04-12 08:00",
            "late-5 04-16 08:00"
        ]
    );
    assert_eq!(
        bed.count("select count(*) from delivery where channel = 'none' and state = 'SATISFIED'")
            .await,
        5
    );
    assert_eq!(
        bed.count("select count(*) from delivery where state = 'SENT'")
            .await,
        7
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_large_mailing_is_bulk_is_written_in_batches_and_begun_again_doubles_nothing() {
    let bed = Bed::open("2024-03-27T09:00").await;
    let fact = event("ceremony", starts("2024-04-11T08:00"), "2024-03-27T09:00");
    let parties: Vec<_> = (0..1_300)
        .map(|n| {
            let name = bed.world.organisation(
                &format!("HTX {n:04}"),
                vec![mailbox(&format!("h{n}@a.example"))],
            );
            party(&name, PartyState::Concerned)
        })
        .collect();
    bed.world.held().parties.insert(fact.name.clone(), parties);
    bed.tell(&fact).await;
    assert_eq!(
        bed.count("select count(*) from delivery where bulk").await,
        1_300
    );
    assert_eq!(
        bed.count("select count(*) from outbox where routing_key = 'email.bulk'")
            .await,
        1_300
    );
    // As a crash between two batches leaves it.
    bed.execute("delete from delivery where organisation_name >= 'HTX 1000'")
        .await;
    bed.execute("update occurrence set state = 'SCHEDULED' where state = 'FANNED_OUT'")
        .await;
    bed.desk.planned.notify_one();
    bed.settle().await;
    assert_eq!(bed.count("select count(*) from delivery").await, 1_300);
    assert_eq!(
        bed.count("select count(*) from outbox where routing_key = 'email.bulk'")
            .await,
        1_600,
        "only the missing ones were ordered again"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_schedulers_send_everything_once() {
    let bed = Bed::open("2024-03-27T09:00").await;
    bed.schedule();
    for n in 0..5 {
        let fact = event("meeting", starts("2024-04-11T08:00"), "2024-03-27T09:00");
        let name = bed.world.organisation(
            &format!("HTX {n}"),
            vec![mailbox(&format!("h{n}@a.example"))],
        );
        bed.world
            .held()
            .parties
            .insert(fact.name.clone(), vec![party(&name, PartyState::Concerned)]);
        bed.tell(&fact).await;
    }
    bed.to("2024-04-12T00:00").await;
    eventually("all steps have ended", async || {
        bed.count("select count(*) from occurrence where state = 'SCHEDULED'")
            .await
            == 0
    })
    .await;
    assert_eq!(
        bed.count("select count(*) from occurrence where state = 'FANNED_OUT'")
            .await,
        20
    );
    assert_eq!(
        bed.count("select count(*) from delivery where state = 'SENT'")
            .await,
        20
    );
}
