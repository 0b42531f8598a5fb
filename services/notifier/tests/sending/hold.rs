//! What the end of a hold does to rows is what the pure function says.

use jiff::Timestamp;
use notifier::domain::delivery::Channel;
use notifier::domain::hold::{Trace, released};
use notifier::store::hold;
use uuid::Uuid;

use crate::agreement::{everywhere, now_is};
use crate::bed::{Bed, START};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn rows_leave_a_hold_as_the_pure_function_says_in_every_state() {
    let now: Timestamp = START.parse().unwrap();
    let bed = Bed::open().await;
    for trace in [Trace::Left, Trace::Stayed, Trace::Lost] {
        for waits in [false, true] {
            let rows = everywhere(&bed).await;
            if waits {
                bed.execute(LATER).await;
            }
            bed.execute("insert into hold (reason) values ('restored')")
                .await;
            let tx = bed.desk.pool.begin().await.unwrap();
            let ids: Vec<Uuid> = rows.iter().map(|(id, _)| *id).collect();
            let complete: &[Channel] = match trace {
                Trace::Left => {
                    hold::record(&tx, &ids).await.unwrap();
                    &[]
                }
                Trace::Stayed => &[Channel::Email],
                Trace::Lost => &[],
            };
            assert!(hold::release(&tx, now, now, complete).await.unwrap());
            assert!(
                !hold::release(&tx, now, now, complete).await.unwrap(),
                "once"
            );
            tx.commit().await.unwrap();
            for (id, before) in rows {
                let after = released(&before, trace, waits);
                assert_eq!(
                    now_is(&bed, id).await,
                    (after.state, after.generation, after.resends, after.guarded),
                    "{before:?} with {trace:?}"
                );
            }
            bed.execute("update delivery set state = 'FAILED', next_action_at = null")
                .await;
        }
    }
}

/// The next attempt was to come long after the old system had stopped.
const LATER: &str = "
    update delivery set next_action_at = now() + interval '1 hour' where state = 'RETRY_WAIT'";
