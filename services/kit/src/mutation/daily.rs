//! How much one organisation changes in a day.

use std::time::Duration;

use super::record::Key;
use crate::database::{Session as _, Tx};
use crate::error::{Error, Result};

/// Changes of one kind that a caller bound to one organisation makes in 24 hours: all
/// its contacts (at most 50) anew, with some slips. Whoever sends more than that, day by
/// day, is a loop or somebody who buries the officers in work.
pub(super) const MOST: i64 = 60;

/// How long until the oldest of as many as are allowed is a day old.
const WAIT: &str = "
    select extract(epoch from r.recorded_at + interval '1 day' - clock_timestamp())::float8
    from request r
    where r.organisation = $1 and r.organisation <> '' and r.method = $2
      and r.recorded_at > clock_timestamp() - interval '1 day'
    order by r.recorded_at desc
    offset $3 limit 1";

/// Refuses a further change where its organisation has made so many; callers of the
/// house are not counted. The lock that the transaction began with keeps the next change
/// out until this one is counted.
pub(super) async fn bounded(tx: &Tx, key: &Key) -> Result<()> {
    let Some((organisation, method)) = key.of_member() else {
        return Ok(());
    };
    let before = MOST - 1;
    let found = tx
        .query_opt(WAIT, &[&organisation, &method, &before])
        .await?;
    found.map_or(Ok(()), |row| Err(too_many(row.get(0))))
}

fn too_many(seconds: f64) -> Error {
    let wait = Duration::from_secs_f64(seconds.max(1.0));
    let hours = wait.as_secs().div_ceil(3600);
    Error::resource_exhausted(
        "TOO_MANY_CHANGES",
        format!(
            "Đơn vị đã thực hiện {MOST} thay đổi loại này trong 24 giờ; xin thực hiện tiếp sau {hours} giờ, hoặc đề nghị cán bộ phụ trách ghi giúp."
        ),
        format!(
            "The organisation has made {MOST} changes of this kind in 24 hours; please come again in {hours} hours, or ask an officer to enter them."
        ),
        Some(wait),
    )
}
