//! An older cut is brought to an empty host although mail went out after it. Restoring is the one
//! event that makes systems send twice; here nothing is, and nothing is lost.

use lienminh_cli::load::fresh_request_id;
use lienminh_local::backup::{Cut, said};
use lienminh_local::smtp::Behaviour;
use lienminh_local::suite::SmsTarget;
use lienminh_local::{ServiceName, Stage, StageOptions};
use lienminh_proto::notifier::v1::{
    Channel, DeliveryState, GetHoldRequest, Hold, RecordAcceptedRequest, ReleaseHoldRequest,
};
use lienminh_tests::demo::join;
use tonic::Code;

use crate::house::{House, at, local, obligation, until};
use crate::member::{AN_BINH, BINH_MINH, DONG_TAM, Member};

const SON_HA: Member = Member::new("S", "Sơn Hà").phone("0590000021");

/// When the old system is gone.
const END: &str = "2024-03-26T12:00";

/// An empty host that sends to the ends of the old one, with what the cut holds; on hold.
async fn second_life(old: &House, cut: &Cut) -> House {
    let options = StageOptions {
        foreign_smtp: Some(old.stage.smtp().url()),
        foreign_sms: Some(SmsTarget::Esms(old.stage.sms().url())),
        ..StageOptions::stepped(local(END))
    };
    let stage = Stage::prepare(&options).await.unwrap();
    cut.restore_to(&stage).unwrap();
    stage.suite().start().await.unwrap();
    let new = old.moved_to(stage);
    until("the sources are compared with", async || {
        hold(&new).await.compared
    })
    .await;
    new
}

/// A cut of the stage as it is, encrypted to a key that lies beside it.
fn cut_of(stage: &Stage) -> Cut {
    let made = said(&mut stage.backup_script("backup.sh").unwrap()).unwrap();
    Cut {
        file: made.trim().into(),
        identity: stage.folder().join("identity.txt"),
    }
}

async fn hold(house: &House) -> Hold {
    let asked = house.officer.hold().get_hold(GetHoldRequest {}).await;
    asked.unwrap().into_inner()
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_cut_is_restored_while_mail_was_out_and_nothing_is_sent_twice() {
    let members = [AN_BINH, BINH_MINH, DONG_TAM, SON_HA];
    let codes = ["M1", "M2", "M4", "S"];
    let mut old = House::open(&members).await;

    // The cut falls into a mailing: one mail is still to go out.
    let rules = old.stage.smtp().rules();
    rules.set("dongtam@example.com", Behaviour::Busy);
    let start = Some(at("2024-03-29T07:30"));
    let event = old.announce("seminar", "Hội thảo", start, &codes).await;
    let name = obligation(&event.name);
    until("the others have theirs", async || {
        let sent = old.row_state(&name, &["M1", "M2", "S"]).await;
        sent.iter()
            .all(|state| matches!(state, DeliveryState::Sent | DeliveryState::Delivered))
    })
    .await;
    let cut = cut_of(&old.stage);
    rules.clear();
    old.to(END).await;
    assert_eq!(old.letters("dongtam@example.com").len(), 2, "after the cut");
    for service in ServiceName::ALL {
        old.stage.suite().kill(service).await.unwrap();
    }
    let before = old.stage.smtp().accepted();
    let texts = old.stage.sms().accepted().len();

    let mut new = second_life(&old, &cut).await;
    let held = hold(&new).await;
    assert!(
        held.held && held.due_occurrences > 0 && held.open_deliveries > 0,
        "{held:?}"
    );
    assert_eq!(old.stage.smtp().accepted().len(), before.len(), "on hold");

    let request = RecordAcceptedRequest {
        references: before.iter().map(|mail| mail.message_id.clone()).collect(),
        request_id: fresh_request_id(),
    };
    new.officer.hold().record_accepted(request).await.unwrap();
    let request = ReleaseHoldRequest {
        complete_channels: vec![Channel::Email.into()],
        request_id: fresh_request_id(),
        ..Default::default()
    };
    assert!(
        !new.officer
            .hold()
            .release_hold(request.clone())
            .await
            .unwrap()
            .into_inner()
            .held
    );
    let again = ReleaseHoldRequest {
        request_id: fresh_request_id(),
        ..request
    };
    let refused = new.officer.hold().release_hold(again).await.unwrap_err();
    assert_eq!(refused.code(), Code::FailedPrecondition);

    new.settle().await;
    assert_eq!(
        old.stage.smtp().accepted().len(),
        before.len(),
        "all had gone out"
    );
    assert_eq!(old.stage.sms().accepted().len(), texts);
    for code in ["M1", "M4"] {
        for step in ["issue", "t-3"] {
            let row = new.row(&name, code, step).await;
            assert_eq!(row.state(), DeliveryState::Sent, "{row:?}");
        }
    }
    // Of SMS nobody said that all is known, and the gateway has forgotten its orders.
    for code in ["M2", "S"] {
        let row = new.row(&name, code, "t-3").await;
        assert_eq!(row.state(), DeliveryState::Parked, "{row:?}");
    }
    new.to("2024-03-28T12:00").await;
    assert_eq!(
        old.letters("dongtam@example.com").len(),
        3,
        "and life goes on"
    );
    let rows = join::rows(&new.officer).await.unwrap();
    let (mails, texts) = (old.stage.smtp().accepted(), old.stage.sms().accepted());
    assert_eq!(join::join(&rows, &mails, &texts), join::Joined::default());
    new.the_sum_holds().await;
    // The same cut once more, and nobody knows what had left: all that may have waits for a person.
    for service in ServiceName::ALL {
        new.stage.suite().kill(service).await.unwrap();
    }
    let (mails, texts) = (mails.len(), texts.len());
    let mut new = second_life(&old, &cut).await;
    let request = ReleaseHoldRequest {
        request_id: fresh_request_id(),
        ..Default::default()
    };
    new.officer.hold().release_hold(request).await.unwrap();
    new.settle().await;
    assert_eq!(old.stage.smtp().accepted().len(), mails);
    assert_eq!(old.stage.sms().accepted().len(), texts);
    for (code, step) in [("M4", "issue"), ("M1", "t-3"), ("M2", "t-3"), ("M4", "t-3")] {
        let row = new.row(&name, code, step).await;
        assert_eq!(row.state(), DeliveryState::Parked, "{row:?}");
    }
    new.the_sum_holds().await;
}
