//! A full look at the books: every sum anew, and each transfer beside what
//! justifies it. One statement, so that it sees one moment.

use kit::database::Session;
use kit::error::Result;

use super::unknown;
use crate::domain::difference::{Difference, Fault};

/// What a recount finds.
pub(crate) struct Recount {
    pub(crate) transfers: i64,
    pub(crate) entries: i64,
    pub(crate) differences: Vec<Difference>,
}

const COUNTS: &str =
    "select (select count(*) from transfer) as transfers, (select count(*) from entry) as entries";

// Sums of what was tampered with may be beyond a bigint; then its end is told.
const DIFFERENCES: &str = "
    with grants as (
        select p.id, p.budget_vnd, coalesce(sum(m.amount_vnd) filter (where m.kind = 'budget'), 0) as booked_vnd
        from programme p left join moved m on m.programme_id = p.id
        group by p.id
    ), calls as (
        select a.method, a.resource, person(a.subject) as caller
        from audit a
        where a.method in ('lienminh.funding.v1.FundingService/CreateProgramme',
                           'lienminh.funding.v1.FundingService/ApproveApplication',
                           'lienminh.funding.v1.FundingService/DisburseApplication')
    ), posted as (
        select m.id, m.amount_vnd, person(m.posted_by) as poster,
               case m.kind when 'budget' then 'programmes/' || m.programme_id
                           when 'commitment' then 'applications/' || m.application_id
                           else 'transfers/' || m.id end as resource,
               'lienminh.funding.v1.FundingService/' || case m.kind
                   when 'budget' then 'CreateProgramme'
                   when 'commitment' then 'ApproveApplication'
                   else 'DisburseApplication' end as method
        from moved m
    ), helped as (
        select 'programmes/' || g.id as resource from programme g where g.kind = 'application_help'
        union all
        select 'applications/' || a.id
        from programme g join application a on a.programme_id = g.id
        where g.kind = 'application_help'
    ), difference (fault, resource, part, expected_vnd, found_vnd) as (
        select 'unbalanced', 'transfers/' || m.id, m.kind, 0::numeric, m.total_vnd
        from moved m where m.lines < 2 or m.total_vnd <> 0
        union all
        select 'other_accounts', 'transfers/' || m.id, m.kind, 0, 0
        from moved m where m.lines >= 2 and m.total_vnd = 0 and not m.is_of_its_kind
        union all
        select 'account', 'programmes/' || a.programme_id, a.kind, coalesce(s.total, 0), a.balance_vnd
        from account a left join (
            select programme_id, account, sum(amount_vnd) as total, max(account_version) as last, count(*) as lines
            from entry group by programme_id, account
        ) s on s.programme_id = a.programme_id and s.account = a.kind
        where a.balance_vnd <> coalesce(s.total, 0) or a.version <> coalesce(s.last, 0)
            or coalesce(s.last, 0) <> coalesce(s.lines, 0)
        union all
        select 'entry', 'transfers/' || w.transfer_id, w.line || ' (' || w.account || ')', w.running, w.balance_after_vnd
        from (
            select transfer_id, line, account, balance_after_vnd,
                sum(amount_vnd) over (partition by programme_id, account order by account_version) as running
            from entry
        ) w where w.balance_after_vnd <> w.running
        union all
        select 'budget', 'programmes/' || g.id, '', g.budget_vnd, g.booked_vnd
        from grants g where g.budget_vnd <> g.booked_vnd
        union all
        select 'commitment', 'applications/' || a.id, '', a.approved_vnd, a.committed_vnd
        from application_money a where a.approved_vnd <> a.committed_vnd
        union all
        select 'disbursement', 'applications/' || a.id, '', a.disbursed_vnd, a.paid_vnd
        from application_money a where a.disbursed_vnd <> a.paid_vnd
        union all
        select distinct 'one_person', 'applications/' || a.id, '', 0::numeric, 0::numeric
        from application_money a
        left join transfer t on t.application_id = a.id and t.kind = 'disbursement'
        where person(a.appraiser) = person(a.approver)
            or person(t.posted_by) in (person(a.appraiser), person(a.approver))
        union all
        select 'not_audited', 'transfers/' || p.id, '', 0, p.amount_vnd
        from posted p
        where not exists (
            select from calls c where c.method = p.method and c.resource = p.resource and c.caller = p.poster)
        union all
        select 'not_booked', c.resource, split_part(c.method, '/', 2), 0, 0
        from calls c
        where not exists (select from posted p where p.method = c.method and p.resource = c.resource)
            and not exists (select from helped h where h.resource = c.resource)
    )
    select d.fault, d.resource, d.part,
           greatest(least(d.expected_vnd, 9223372036854775807), -9223372036854775808)::bigint as expected_vnd,
           greatest(least(d.found_vnd, 9223372036854775807), -9223372036854775808)::bigint as found_vnd
    from difference d
    limit 200";

pub(crate) async fn recount(session: &impl Session) -> Result<Recount> {
    let counts = session.query_one(COUNTS, &[]).await?;
    let rows = session.query(DIFFERENCES, &[]).await?;
    let differences = rows.iter().map(|row| {
        let fault: &str = row.get("fault");
        Ok(Difference {
            fault: Fault::parse(fault).ok_or_else(|| unknown("fault", fault))?,
            resource: row.get("resource"),
            part: row.get("part"),
            expected_vnd: row.get("expected_vnd"),
            found_vnd: row.get("found_vnd"),
        })
    });
    Ok(Recount {
        transfers: counts.get("transfers"),
        entries: counts.get("entries"),
        differences: differences.collect::<Result<_>>()?,
    })
}
