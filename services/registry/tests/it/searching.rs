use lienminh_proto::registry::v1 as pb;

use crate::house::{self, Desk};
use crate::samples::{cooperative, fields, reason};

async fn search(desk: &mut Desk, query: &str) -> Vec<String> {
    let request = pb::SearchOrganisationsRequest {
        query: query.to_owned(),
        page_size: 2,
        page_token: String::new(),
    };
    walk(desk, request).await
}

async fn walk(desk: &mut Desk, mut request: pb::SearchOrganisationsRequest) -> Vec<String> {
    let mut all = Vec::new();
    loop {
        let page = desk
            .organisations
            .search_organisations(request.clone())
            .await
            .unwrap()
            .into_inner();
        all.extend(page.organisations.into_iter().map(|each| each.display_name));
        if page.next_page_token.is_empty() {
            return all;
        }
        request.page_token = page.next_page_token;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn both_tone_placements_and_no_marks_find_the_same() {
    let house = house::open().await;
    let mut officer = house.officer();
    officer
        .enter(cooperative("Hợp tác xã Hoà Bình"))
        .await
        .unwrap();
    officer
        .enter(cooperative("Hợp tác xã Hòa Bình 2"))
        .await
        .unwrap();
    officer
        .enter(cooperative("Hợp tác xã Sao Mai"))
        .await
        .unwrap();
    for query in [
        "hoa binh",
        "Hoà Bình",
        "HÒA BÌNH",
        "ho\u{300}a bi\u{300}nh",
        "htx hoa",
        "Hợp tác xã Hoà",
        "binh hoa",
    ] {
        assert_eq!(
            search(&mut officer, query).await,
            ["Hợp tác xã Hoà Bình", "Hợp tác xã Hòa Bình 2"],
            "{query}"
        );
    }
    assert!(search(&mut officer, "hoa lu").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_code_itself_comes_first_then_names_that_begin_so_then_the_rest() {
    let house = house::open().await;
    let mut officer = house.officer();
    for (name, code, locality) in [
        ("Hợp tác xã Xuân Mai", "SM-1", "Sao Mai"),
        ("Sao Mai Đắk Mil", "SM-2", ""),
        ("Sao Mai", "SM-3", ""),
        ("Hợp tác xã Sao Mai", "SM-4", ""),
        ("Hợp tác xã Khác", "Sao Mai", ""),
    ] {
        let organisation = pb::Organisation {
            roster_code: code.to_owned(),
            locality: locality.to_owned(),
            ..cooperative(name)
        };
        officer.enter(organisation).await.unwrap();
    }
    assert_eq!(
        search(&mut officer, "Sao Mai").await,
        [
            "Hợp tác xã Khác",
            "Sao Mai",
            "Sao Mai Đắk Mil",
            "Hợp tác xã Sao Mai",
            "Hợp tác xã Xuân Mai"
        ]
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_organisation_is_found_by_its_codes_and_by_its_new_name() {
    let house = house::open().await;
    let mut officer = house.officer();
    let known = officer
        .enter(pb::Organisation {
            tax_code: "0100233488".to_owned(),
            registration_number: "40A8-00123".to_owned(),
            roster_code: "ĐN-017".to_owned(),
            ..cooperative("Hợp tác xã An")
        })
        .await
        .unwrap();
    for query in ["0100233488", "01002334", "40A8-00123", "dn017", "ĐN-017"] {
        assert_eq!(
            search(&mut officer, query).await,
            ["Hợp tác xã An"],
            "{query}"
        );
    }
    officer
        .change(
            pb::Organisation {
                display_name: "Hợp tác xã Bình Minh".to_owned(),
                ..known
            },
            &["display_name"],
        )
        .await
        .unwrap();
    assert_eq!(search(&mut officer, "binh minh").await.len(), 1);
    assert!(search(&mut officer, "htx an").await.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn strange_queries_are_refused_or_find_nothing() {
    let house = house::open().await;
    let mut officer = house.officer();
    officer.enter(cooperative("Hợp tác xã An")).await.unwrap();
    for query in ["", "a", "%%", "\u{200b}ab", &"x".repeat(201)] {
        let request = pb::SearchOrganisationsRequest {
            query: query.to_owned(),
            ..Default::default()
        };
        let refused = officer
            .organisations
            .search_organisations(request)
            .await
            .unwrap_err();
        assert_eq!(fields(&refused), ["query"], "{query:?}");
    }
    for query in [
        "'; drop table organisation",
        "an' | 'b:*",
        "an & !",
        "(((",
        "a:* <-> b",
    ] {
        let request = pb::SearchOrganisationsRequest {
            query: query.to_owned(),
            ..Default::default()
        };
        match officer.organisations.search_organisations(request).await {
            Ok(_) => {}
            Err(status) => assert_eq!(reason(&status), "MALFORMED", "{query}: {status}"),
        }
    }
    assert_eq!(search(&mut officer, "htx an").await.len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn words_that_many_have_and_words_that_few_have_are_walked_to_their_end() {
    let house = house::open().await;
    let mut officer = house.officer();
    for number in 0..9 {
        let village = if number % 4 == 0 {
            "Cư Jút"
        } else {
            "Krông Nô"
        };
        let organisation = pb::Organisation {
            locality: village.to_owned(),
            ..cooperative(&format!("Hợp tác xã {number}"))
        };
        officer.enter(organisation).await.unwrap();
    }
    let names = |numbers: &[u8]| -> Vec<String> {
        numbers
            .iter()
            .map(|number| format!("Hợp tác xã {number}"))
            .collect()
    };
    assert_eq!(search(&mut officer, "cu jut").await, names(&[0, 4, 8]));
    assert_eq!(
        search(&mut officer, "krong").await,
        names(&[1, 2, 3, 5, 6, 7])
    );
}
