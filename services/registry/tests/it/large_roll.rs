//! Searching a roll in which very many share their words.

use std::collections::BTreeSet;

use kit::database::Session;
use lienminh_proto::registry::v1 as pb;
use registry::domain::search::Signature;

use crate::house::{self, Desk, House};

const FILL: &str = "insert into organisation (entry, id, kind, display_name, short_name, status, \
    sort_key, search_name, search_terms, search_signature, created_at, updated_at, version) \
    overriding system value \
    select r.entry, gen_random_uuid(), 'cooperative', r.name, 'HTX', 'active', r.name, r.name, \
    array_to_tsvector(string_to_array(r.name, ' ')), r.signature, now(), now(), 1 \
    from unnest($1::bigint[], $2::text[], $3::bigint[]) as r (entry, name, signature)";

/// Enters organisations with folded names, and lets the database learn their words.
async fn fill(house: &House, roll: impl Iterator<Item = (i64, String)>) {
    let (entries, names): (Vec<i64>, Vec<String>) = roll.unzip();
    let signature = |name: &String| Signature::of(name.split(' ')).column();
    let signatures: Vec<i64> = names.iter().map(signature).collect();
    let connection = house.pool.get().await.unwrap();
    connection
        .execute(FILL, &[&entries, &names, &signatures])
        .await
        .unwrap();
    house.analyse().await;
}

/// The names on each page.
async fn pages(desk: &mut Desk, query: &str, page_size: i32) -> Vec<Vec<String>> {
    let mut request = pb::SearchOrganisationsRequest {
        query: query.to_owned(),
        page_size,
        page_token: String::new(),
    };
    let mut pages = Vec::new();
    loop {
        let answer = desk.organisations.search_organisations(request.clone());
        let page = answer.await.unwrap().into_inner();
        let found = page.organisations.into_iter();
        pages.push(found.map(|each| each.display_name).collect());
        if page.next_page_token.is_empty() {
            return pages;
        }
        request.page_token = page.next_page_token;
    }
}

/// Everything on all pages, in full pages but for the last, nothing twice.
async fn everything(desk: &mut Desk, query: &str) -> Vec<String> {
    let pages = pages(desk, query, 200).await;
    let (_, full) = pages.split_last().unwrap();
    assert!(full.iter().all(|page| page.len() == 200), "{query}");
    let all = pages.concat();
    let different: BTreeSet<&String> = all.iter().collect();
    assert_eq!(different.len(), all.len(), "{query}");
    all
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_very_many_have_find_everybody_once() {
    let house = house::open().await;
    let mut officer = house.officer();
    let roll: Vec<String> = (1..=4_500)
        .map(|number| match number % 3 {
            0 => format!("htx nong nghiep hoa binh {number}"),
            1 => format!("hoa binh {number} htx nong nghiep"),
            _ => format!("htx nong nghiep sao mai {number}"),
        })
        .collect();
    fill(&house, (1..).zip(roll.iter().cloned())).await;
    let with = |words: &str| -> Vec<&String> {
        let found = roll.iter().filter(|name| name.contains(words));
        found.collect()
    };
    assert_eq!(
        everything(&mut officer, "binh nong hoa")
            .await
            .iter()
            .collect::<Vec<_>>(),
        with("hoa binh"),
        "in the order of entry"
    );
    assert_eq!(everything(&mut officer, "ma sa").await.len(), 1_500);
    let mut by_beginning = everything(&mut officer, "hoa binh").await;
    assert!(by_beginning[..1_500].is_sorted());
    assert!(
        by_beginning[..1_500]
            .iter()
            .all(|name| name.starts_with("hoa binh"))
    );
    by_beginning.sort();
    let mut all: Vec<&String> = with("hoa binh");
    all.sort();
    assert_eq!(by_beginning.iter().collect::<Vec<_>>(), all);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_page_walks_no_more_than_a_stretch_of_the_roll_and_tells_where_to_go_on() {
    let house = house::open().await;
    let mut officer = house.officer();
    let near = (1..=2_400).map(|number| match number % 2 {
        0 => (number, format!("htx hoa {number}")),
        _ => (number, format!("htx mai {number}")),
    });
    let far = [
        (100_000, "mai hoa 0".to_owned()),
        (100_001, "mai hoa 1".to_owned()),
        (5_000_000, "mai hoa 2".to_owned()),
    ];
    fill(&house, near.chain(far)).await;
    assert_eq!(
        pages(&mut officer, "hoa mai", 50).await,
        [["mai hoa 0"], ["mai hoa 1"], ["mai hoa 2"]]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_only_begin_alike_are_walked_like_common_words() {
    let house = house::open().await;
    let mut officer = house.officer();
    let roll: Vec<String> = (0..2_500)
        .map(|number| format!("htx m00{number:04}"))
        .collect();
    fill(&house, (1..).zip(roll.iter().cloned())).await;
    assert_eq!(everything(&mut officer, "m00").await, roll);
    assert_eq!(everything(&mut officer, "m0012").await, roll[1_200..1_300]);
    assert_eq!(
        everything(&mut officer, "m001234").await,
        roll[1_234..=1_234]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_rare_word_beside_a_common_one_finds_the_same_when_the_roll_is_large() {
    let house = house::open().await;
    let mut officer = house.officer();
    fill(
        &house,
        (1..=1_200).map(|number| (number, format!("htx so {number}"))),
    )
    .await;
    assert_eq!(everything(&mut officer, "htx 777").await, ["htx so 777"]);
    assert_eq!(everything(&mut officer, "777 htx").await, ["htx so 777"]);
    assert_eq!(everything(&mut officer, "so 77").await.len(), 11);
    let found = everything(&mut officer, "htx 119").await;
    assert_eq!(found.len(), 11, "119, 1190 to 1199");
    assert!(found.is_sorted(), "in the order of names");
    assert!(everything(&mut officer, "htx 1201").await.is_empty());
    assert!(everything(&mut officer, "hoa 777").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_name_that_an_older_program_changes_is_found_by_its_new_words() {
    let house = house::open().await;
    let mut officer = house.officer();
    fill(
        &house,
        (1..=1_200).map(|number| (number, format!("htx hoa so {number}"))),
    )
    .await;
    let connection = house.pool.get().await.unwrap();
    let older = "update organisation set display_name = 'ban mai 7 htx so', \
        search_name = 'ban mai 7 htx so', search_terms = array_to_tsvector('{ban,mai,7,htx,so}') where entry = 7";
    assert_eq!(connection.execute(older, &[]).await.unwrap(), 1);
    let walked = everything(&mut officer, "so htx").await;
    assert_eq!(walked[6], "ban mai 7 htx so");
    let new_words = "select e.entry from organisation e \
        where e.entry = 7 and e.search_signature & $1 = $1";
    let signature = Signature::of(["ban", "mai"].into_iter()).column();
    let known = connection.query(new_words, &[&signature]).await.unwrap();
    assert_eq!(known.len(), 1);
}
