//! An alliance with a unit in charge and some members, on a stage of its own.

use std::collections::BTreeMap;
use std::future::Future;
use std::time::Duration;

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use lienminh_cli::args::Connection;
use lienminh_cli::connect::{Clients, in_words};
use lienminh_cli::files::plan::When;
use lienminh_cli::load::fresh_request_id;
use lienminh_cli::proto_values::anchor;
use lienminh_local::conductor::Conductor;
use lienminh_local::sms::AcceptedSms;
use lienminh_local::suite::Token;
use lienminh_local::{ServiceName, Stage, StageOptions, wait};
use lienminh_proto::events::v1 as events;
use lienminh_proto::notifier::v1 as notifier;
use lienminh_proto::obligation::v1::Obligation;
use lienminh_proto::registry::v1 as registry;
use lienminh_tests::demo::join;
use lienminh_tests::faults::ground::mailing;

use crate::letter::Letter;
use crate::member::Member;

/// Friday, 1 March 2024, in the morning.
pub(crate) const NOW: &str = "2024-03-01T09:00";

/// A condition that does not come true in this time never will.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// The mailbox of the unit in charge, and its landline.
pub(crate) const UNIT_MAILBOX: &str = "khht@lienminh.example";
pub(crate) const UNIT_LANDLINE: &str = "02613000012";

/// The mailbox of the alliance.
pub(crate) const ALLIANCE_MAILBOX: &str = "vanphong@lienminh.example";

/// A house and everything around it.
pub(crate) struct House {
    pub(crate) alliance: String,
    pub(crate) clock: Conductor,
    pub(crate) connection: Connection,
    pub(crate) officer: Clients,
    pub(crate) stage: Stage,
    pub(crate) unit: String,
    members: BTreeMap<String, String>,
}

/// An instant by the wall clock of the house.
pub(crate) fn local(text: &str) -> Timestamp {
    vietnam::instant(wall(text))
}

pub(crate) fn wall(text: &str) -> DateTime {
    text.parse().unwrap()
}

pub(crate) fn day(text: &str) -> Date {
    text.parse().unwrap()
}

/// The usual stage at the usual instant.
pub(crate) fn options() -> StageOptions {
    StageOptions::stepped(local(NOW))
}

/// Asks until `holds`; fails the test with `what` when it never does.
pub(crate) async fn until<F, Fut>(what: &str, mut holds: F)
where
    F: FnMut() -> Fut,
    Fut: Future<Output = bool>,
{
    wait::until(what, PATIENCE, || {
        let held = holds();
        async { Ok(held.await) }
    })
    .await
    .unwrap();
}

/// The obligation of an event or a deadline.
pub(crate) fn obligation(subject: &str) -> String {
    let (kind, id) = subject.split_once('/').unwrap();
    let kind = kind.strip_suffix('s').unwrap();
    format!("events/obligations/{kind}-{id}")
}

impl House {
    /// With these members, on the usual stage.
    pub(crate) async fn open(members: &[Member]) -> Self {
        Self::with(&options(), members).await
    }

    /// With these members, on this stage.
    pub(crate) async fn with(options: &StageOptions, members: &[Member]) -> Self {
        Self::enter(Stage::prepare(options).await.unwrap(), members).await
    }

    /// On a prepared stage, which is started.
    pub(crate) async fn enter(stage: Stage, members: &[Member]) -> Self {
        stage.suite().start().await.unwrap();
        Self::on(stage, members).await
    }

    /// The same house on another started stage, which knows its people already.
    pub(crate) fn moved_to(&self, stage: Stage) -> Self {
        let mut house = Self::before(stage);
        house.alliance.clone_from(&self.alliance);
        house.unit.clone_from(&self.unit);
        house.members.clone_from(&self.members);
        house
    }

    /// On a started stage.
    pub(crate) async fn on(stage: Stage, members: &[Member]) -> Self {
        let mut house = Self::before(stage);
        house.settle_in(members).await;
        house
    }

    /// Without anybody yet.
    pub(crate) fn before(stage: Stage) -> Self {
        let suite = stage.suite();
        let connection = Connection {
            registry_url: suite.url(ServiceName::Registry),
            events_url: suite.url(ServiceName::Events),
            funding_url: suite.url(ServiceName::Funding),
            notifier_url: suite.url(ServiceName::Notifier),
            token: Some(suite.token(&Token::new("user:lan", "*")).unwrap()),
            token_file: None,
            language: "vi".to_owned(),
            certificates: Default::default(),
        };
        Self {
            alliance: String::new(),
            clock: stage.conductor().unwrap(),
            officer: Clients::new(&connection).unwrap(),
            connection,
            stage,
            unit: String::new(),
            members: BTreeMap::new(),
        }
    }

    /// Brings the roster in.
    async fn settle_in(&mut self, members: &[Member]) {
        let mut rows = vec![
            body(
                "LM",
                "LM",
                "Liên minh Hợp tác xã tỉnh Đắk Nông",
                ALLIANCE_MAILBOX,
                "02613000001",
            ),
            body(
                "P-KHHT",
                "Ban",
                "Phòng Kế hoạch Hỗ trợ",
                UNIT_MAILBOX,
                UNIT_LANDLINE,
            ),
        ];
        rows[1].parent_code = "LM".to_owned();
        let lines = (4..).zip(members);
        rows.extend(lines.map(|(line, member)| member.row(line)));
        let request = registry::ImportRosterRequest {
            rows: rows.clone(),
            mode: registry::ImportMode::AllOrNothing.into(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        let answer = self.officer.organisations().import_roster(request).await;
        let reports = answer.unwrap().into_inner().reports;
        let taken = reports.iter().zip(&rows);
        self.members = taken
            .map(|(report, row)| {
                assert!(!report.organisation.is_empty(), "{report:?}");
                (row.roster_code.clone(), report.organisation.clone())
            })
            .collect();
        self.alliance = self.member("LM");
        self.unit = self.member("P-KHHT");
    }

    /// The organisation behind a roster code.
    pub(crate) fn member(&self, code: &str) -> String {
        self.members[code].clone()
    }

    /// The organisations behind roster codes.
    pub(crate) fn members(&self, codes: &[&str]) -> Vec<String> {
        codes.iter().map(|code| self.member(code)).collect()
    }

    /// Somebody with other rights than the officer.
    pub(crate) fn caller(&self, token: &Token) -> Clients {
        let token = self.stage.suite().token(token).unwrap();
        Clients::new(&Connection {
            token: Some(token),
            ..self.connection.clone()
        })
        .unwrap()
    }

    /// Steps through everything due up to this instant of the wall clock.
    pub(crate) async fn to(&mut self, wall_clock: &str) {
        self.clock.advance_to(local(wall_clock)).await.unwrap();
    }

    /// Waits until everything due now is done.
    pub(crate) async fn settle(&mut self) {
        self.clock.settle().await.unwrap();
    }

    /// Announces an event of the unit, two hours long, to these members.
    pub(crate) async fn announce(
        &self,
        kind: &str,
        title: &str,
        when: Option<When>,
        codes: &[&str],
    ) -> events::Event {
        let request = events::CreateEventRequest {
            event: Some(self.event(kind, title, when)),
            announce: true,
            invitees: self.members(codes),
            request_id: fresh_request_id(),
            validate_only: false,
        };
        let made = self.officer.events().create_event(request).await;
        made.unwrap_or_else(|status| panic!("{}", in_words(&status)))
            .into_inner()
    }

    /// An event as the office would enter it.
    pub(crate) fn event(&self, kind: &str, title: &str, when: Option<When>) -> events::Event {
        let house = (self.alliance.as_str(), self.unit.as_str());
        mailing::event(kind, title, when.as_ref(), house)
    }

    /// Moves an event.
    pub(crate) async fn reschedule(&self, event: &str, start: &str) {
        let request = events::RescheduleEventRequest {
            name: event.to_owned(),
            anchor: Some(anchor(Some(&at(start)))),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        self.officer
            .events()
            .reschedule_event(request)
            .await
            .unwrap();
    }

    /// Puts an event off.
    pub(crate) async fn postpone(&self, event: &str) {
        let request = events::PostponeEventRequest {
            name: event.to_owned(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        self.officer.events().postpone_event(request).await.unwrap();
    }

    /// Calls an event off.
    pub(crate) async fn cancel(&self, event: &str) {
        let request = events::CancelEventRequest {
            name: event.to_owned(),
            reason: "Mưa bão".to_owned(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        self.officer.events().cancel_event(request).await.unwrap();
    }

    /// Demands a report from these members.
    pub(crate) async fn demand(&self, title: &str, when: When, codes: &[&str]) -> events::Deadline {
        let deadline = events::Deadline {
            kind: "report".to_owned(),
            title: title.to_owned(),
            anchor: Some(anchor(Some(&when))),
            organiser: self.alliance.clone(),
            lead_unit: self.unit.clone(),
            contents: vec!["Kết quả thực hiện".to_owned()],
            submit_to: "Văn phòng Liên minh".to_owned(),
            ..Default::default()
        };
        let request = events::CreateDeadlineRequest {
            deadline: Some(deadline),
            organisations: self.members(codes),
            request_id: fresh_request_id(),
            validate_only: false,
        };
        let made = self.officer.deadlines().create_deadline(request).await;
        made.unwrap_or_else(|status| panic!("{}", in_words(&status)))
            .into_inner()
    }

    /// An officer has received a report.
    pub(crate) async fn receive(&self, deadline: &str, code: &str) {
        let request = events::RecordSubmissionRequest {
            parent: deadline.to_owned(),
            organisation: self.member(code),
            state: events::SubmissionState::Submitted.into(),
            request_id: fresh_request_id(),
            ..Default::default()
        };
        self.officer
            .deadlines()
            .record_submission(request)
            .await
            .unwrap();
    }

    /// The obligation as its source tells it now.
    pub(crate) async fn obligation(&self, name: &str) -> Obligation {
        let request = lienminh_proto::obligation::v1::CheckPartiesRequest {
            obligation: name.to_owned(),
            organisations: vec![self.alliance.clone()],
        };
        let answer = self.officer.event_source().check_parties(request).await;
        answer.unwrap().into_inner().obligation.unwrap()
    }

    /// Every occurrence of an obligation as `step`, `STATE` and reason, by due time.
    pub(crate) async fn steps(&self, obligation: &str) -> Vec<(String, String, String)> {
        let found = self.occurrences(obligation).await;
        found
            .into_iter()
            .map(|each| {
                let state = each.state().as_str_name().replace("OCCURRENCE_STATE_", "");
                (each.step, state, each.reason)
            })
            .collect()
    }

    /// State and reason of the last occurrence of a step.
    pub(crate) async fn step(&self, obligation: &str, step: &str) -> (String, String) {
        let steps = self.steps(obligation).await;
        let found = steps.iter().rfind(|(name, _, _)| name == step);
        let (_, state, reason) = found.unwrap_or_else(|| panic!("no {step} in {steps:?}"));
        (state.clone(), reason.clone())
    }

    /// Every occurrence of an obligation.
    pub(crate) async fn occurrences(&self, obligation: &str) -> Vec<notifier::Occurrence> {
        let request = notifier::ListOccurrencesRequest {
            obligation: obligation.to_owned(),
            page_size: 200,
            ..Default::default()
        };
        let answer = self.officer.notifier().list_occurrences(request).await;
        answer.unwrap().into_inner().occurrences
    }

    /// Every delivery row of an obligation to a member, of one step.
    pub(crate) async fn rows(
        &self,
        obligation: &str,
        code: &str,
        step: &str,
    ) -> Vec<notifier::Delivery> {
        let request = notifier::ListDeliveriesRequest {
            obligation: obligation.to_owned(),
            organisation: self.member(code),
            page_size: 200,
            ..Default::default()
        };
        let answer = self.officer.notifier().list_deliveries(request).await;
        let mut rows = answer.unwrap().into_inner().deliveries;
        rows.retain(|row| row.step == step);
        rows
    }

    /// The only row of a step to a member, as channel, state and reason.
    pub(crate) async fn row(&self, obligation: &str, code: &str, step: &str) -> notifier::Delivery {
        let mut rows = self.rows(obligation, code, step).await;
        assert_eq!(rows.len(), 1, "rows of {step} to {code}: {rows:#?}");
        rows.remove(0)
    }

    /// Where the first message to each of these members stands, of those that have one.
    pub(crate) async fn row_state(
        &self,
        obligation: &str,
        codes: &[&str],
    ) -> Vec<notifier::DeliveryState> {
        let mut states = Vec::new();
        for code in codes {
            let rows = self.rows(obligation, code, "issue").await;
            let state = rows.first().map(notifier::Delivery::state);
            states.push(state.unwrap_or(notifier::DeliveryState::Unspecified));
        }
        states
    }

    /// The well-formed mails to an address, oldest first.
    pub(crate) fn letters(&self, address: &str) -> Vec<Letter> {
        let accepted = self.stage.smtp().accepted_for(address);
        accepted.iter().map(Letter::read).collect()
    }

    /// The only mail to an address.
    pub(crate) fn letter(&self, address: &str) -> Letter {
        let mut letters = self.letters(address);
        let subjects: Vec<_> = letters.iter().map(|letter| &letter.subject).collect();
        assert_eq!(letters.len(), 1, "{address} got {subjects:?}");
        letters.remove(0)
    }

    /// The SMS to a number in national form, oldest first; each one segment, without accents.
    pub(crate) fn texts(&self, number: &str) -> Vec<AcceptedSms> {
        let accepted = self.stage.sms().accepted_for(number);
        for sms in &accepted {
            assert!(sms.text.is_ascii(), "accentless by writing: {}", sms.text);
            assert_eq!(sms.segments, 1, "one segment: {}", sms.text);
        }
        accepted
    }

    /// The sum over all states is what was expected, and what the ends accepted is what the rows
    /// say: nothing lost, doubled or invented.
    pub(crate) async fn nothing_is_lost_or_doubled(&self) {
        let joined = self.joined().await;
        assert_eq!(joined, join::Joined::default());
        self.the_sum_holds().await;
    }

    /// What the acceptance logs and the rows say together.
    pub(crate) async fn joined(&self) -> join::Joined {
        let rows = join::rows(&self.officer).await.unwrap();
        let (mails, texts) = (self.stage.smtp().accepted(), self.stage.sms().accepted());
        join::join(&rows, &mails, &texts)
    }

    /// Expected is accounted for, without gaps.
    pub(crate) async fn the_sum_holds(&self) {
        let request = notifier::ReconcileCoverageRequest::default();
        let answer = self.officer.notifier().reconcile_coverage(request).await;
        let sum = answer.unwrap().into_inner();
        assert_eq!(sum.gaps, Vec::<String>::new());
        assert_eq!(sum.expected, sum.accounted);
        assert!(sum.obligations > 0);
    }
}

/// From then on, for two hours.
pub(crate) fn at(start: &str) -> When {
    let start = wall(start);
    When::Instant {
        start,
        end: Some(start + jiff::Span::new().hours(2)),
    }
}

/// To the end of this day.
pub(crate) fn through(last: &str) -> When {
    When::Day {
        date: day(last),
        before: false,
    }
}

fn body(code: &str, kind: &str, name: &str, email: &str, phone: &str) -> registry::RosterRow {
    registry::RosterRow {
        line: 2,
        roster_code: code.to_owned(),
        kind: kind.to_owned(),
        display_name: name.to_owned(),
        locality: "Gia Nghĩa".to_owned(),
        province_code: "67".to_owned(),
        position: "Văn phòng".to_owned(),
        email: email.to_owned(),
        phone: phone.to_owned(),
        ..Default::default()
    }
}
