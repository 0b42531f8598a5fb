//! A roll of organisations as an alliance has them, written straight into the tables.

use std::ops::RangeInclusive;

use ::registry::domain::search::Signature;
use anyhow::Context;
use tokio_postgres::Client;
use vietnam::text::fold;

/// What cooperatives are named after; with a number, a million different names.
const PLACES: [&str; 24] = [
    "Hoà Bình",
    "Đắk Nia",
    "Quảng Khê",
    "Nhân Cơ",
    "Đức Minh",
    "Thuận An",
    "Nâm N'Jang",
    "Trường Xuân",
    "Sao Mai",
    "Bình Minh",
    "Tân Thành",
    "Đoàn Kết",
    "Thắng Lợi",
    "Quyết Tiến",
    "Phú Xuân",
    "An Khang",
    "Đồng Tâm",
    "Hưng Thịnh",
    "Đắk Mil",
    "Cư Jút",
    "Krông Nô",
    "Tuy Đức",
    "Đắk Song",
    "Gia Nghĩa",
];

/// What they do.
const TRADES: [&str; 8] = [
    "Nông nghiệp",
    "Cà phê",
    "Hồ tiêu",
    "Vận tải",
    "Dịch vụ",
    "Thuỷ sản",
    "Xây dựng",
    "Thương mại",
];

// Every id and code can be worked out from the number, so that whoever looks for one
// knows what there is. Terms and signature are what the registry itself keeps.
const FILL: &str = "
    insert into organisation (
        id, kind, display_name, short_name, roster_code, address, province_code, locality,
        cluster, status, membership_kind, membership_state, decision_number, admit_date,
        sort_key, search_name, search_terms, search_signature, created_at, updated_at, version)
    select md5(r.n::text)::uuid, 'cooperative', 'Hợp tác xã ' || r.trade || ' ' || r.place || ' ' || r.n,
           left('HTX ' || r.trade || ' ' || r.place, 40), 'M' || lpad(r.n::text, 7, '0'),
           'Thôn ' || r.n % 20 + 1 || ', xã ' || r.place || ', tỉnh Đắk Nông', '67', r.place,
           'Cụm ' || r.n / 200, 'active', 'official', 'admitted', '71/QĐ-LMHTX', date '2019-07-02',
           r.folded, r.folded, array_to_tsvector(string_to_array(r.terms, ' ')), r.signature,
           timestamptz '2024-01-01' + r.n * interval '1 second',
           timestamptz '2024-01-01' + r.n * interval '1 second', 1
    from unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::bigint[])
        as r (n, trade, place, folded, terms, signature)";

/// Rows of one statement.
const BATCH: usize = 50_000;

/// Enters the organisations of these numbers.
///
/// # Errors
/// When the database refuses.
pub async fn fill(database: &Client, numbers: RangeInclusive<i64>) -> anyhow::Result<()> {
    let numbers: Vec<i64> = numbers.collect();
    for batch in numbers.chunks(BATCH) {
        let mut rows = Rows::default();
        batch.iter().for_each(|number| rows.push(*number));
        database
            .execute(
                FILL,
                &[
                    &batch,
                    &rows.trade,
                    &rows.place,
                    &rows.folded,
                    &rows.terms,
                    &rows.signature,
                ],
            )
            .await
            .context("the roll cannot be written")?;
    }
    database
        .batch_execute("vacuum analyze organisation")
        .await
        .context("the roll cannot be analysed")
}

/// What differs from number to number and is not made by the statement itself.
#[derive(Default)]
struct Rows {
    trade: Vec<&'static str>,
    place: Vec<&'static str>,
    folded: Vec<String>,
    terms: Vec<String>,
    signature: Vec<i64>,
}

impl Rows {
    fn push(&mut self, number: i64) {
        let turn = usize::try_from(number).unwrap_or_default();
        let trade = TRADES[turn % TRADES.len()];
        let place = PLACES[turn / TRADES.len() % PLACES.len()];
        let words = fold(&format!("{trade} {place} {number}")).replace('\'', " ");
        let code = code_of(number).to_lowercase();
        let terms = format!("hop tac xa htx {code} {words}");
        self.trade.push(trade);
        self.place.push(place);
        self.folded.push(format!("htx {words}"));
        self.signature
            .push(Signature::of(terms.split(' ')).column());
        self.terms.push(terms);
    }
}

/// What the roll says of one organisation.
#[derive(Clone, Debug)]
pub struct Entry {
    /// Its resource name.
    pub name: String,
    /// Its full name.
    pub display_name: String,
    /// Its cluster.
    pub cluster: String,
}

/// The code in the roster of the organisation of a number.
#[must_use]
pub fn code_of(number: i64) -> String {
    format!("M{number:07}")
}

/// The organisation of a number.
///
/// # Errors
/// When there is none, or the database cannot be asked.
pub async fn find(database: &Client, number: i64) -> anyhow::Result<Entry> {
    const FIND: &str = "select o.id, o.display_name, o.cluster from organisation o \
        where o.roster_code = $1";
    let row = database.query_one(FIND, &[&code_of(number)]).await;
    let row = row.context("an organisation is not on the roll")?;
    Ok(Entry {
        name: format!("organisations/{}", row.get::<_, uuid::Uuid>(0)),
        display_name: row.get(1),
        cluster: row.get(2),
    })
}
