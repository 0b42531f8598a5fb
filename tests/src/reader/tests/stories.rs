//! What befell the matters of which letters are read.

use jiff::civil::{DateTime, date};

use super::specimens::{HTX, OFFICE};
use crate::oracle::matter::Standing;
use crate::oracle::story::{Facts, Genre, Story, When};

const KNOWN: DateTime = date(2024, 3, 8).at(9, 0, 0, 0);
const MORNING: DateTime = date(2024, 3, 29).at(8, 0, 0, 0);
const NOON: DateTime = date(2024, 3, 29).at(11, 30, 0, 0);

pub(super) fn meeting() -> Story {
    let facts = Facts {
        title: "Lễ phát động Tháng hành động vì HTX năm 2024".to_owned(),
        lines: vec!["Văn nghệ chào mừng".to_owned(), "Diễn văn".to_owned()],
        bring: "Danh sách đoàn".to_owned(),
        chair: "Chủ tịch Liên minh HTX tỉnh".to_owned(),
        hint: "Vào cổng phía Đông".to_owned(),
        place: "Quảng trường trung tâm, 10 Hùng Vương".to_owned(),
        document: Some(("16/GM-LMHTX".to_owned(), Some(date(2024, 3, 8)))),
        ..Facts::default()
    };
    let when = When::At(MORNING, Some(NOON));
    let reply_by = Some(date(2024, 3, 22));
    Story::new(Genre::Event, "events/", OFFICE, facts).beginning(KNOWN, when, reply_by)
}

pub(super) fn visit() -> Story {
    let mut story = meeting();
    story.facts.visit = true;
    story.facts.title = "Thăm, tặng quà HTX tiêu biểu".to_owned();
    story.facts.place = "Trụ sở HTX Bơ sạch Đoàn Kết".to_owned();
    story
}

/// A meeting to which something happened on 20 March.
pub(super) fn changed(mut story: Story, standing: Standing, when: When) -> Story {
    let at = date(2024, 3, 20).at(14, 0, 0, 0);
    story.goes_on(at, standing, when, "Lãnh đạo tỉnh bận công tác đột xuất");
    story
}

pub(super) fn moved(story: Story) -> Story {
    let start = date(2024, 4, 5).at(14, 0, 0, 0);
    let end = date(2024, 4, 5).at(16, 0, 0, 0);
    changed(story, Standing::Scheduled, When::At(start, Some(end)))
}

pub(super) fn gone(story: Story, standing: Standing) -> Story {
    let when = story.chapters[0].1.when;
    changed(story, standing, when)
}

pub(super) fn redated() -> Story {
    let mut story = gone(meeting(), Standing::Postponed);
    let start = date(2024, 4, 5).at(14, 0, 0, 0);
    let at = date(2024, 3, 25).at(14, 0, 0, 0);
    let why = "Đã bố trí được hội trường";
    story.goes_on(at, Standing::Scheduled, When::At(start, None), why);
    story
}

pub(super) fn coming(mut story: Story) -> Story {
    story.coming.insert(HTX.to_owned(), KNOWN);
    story
}

/// It takes place elsewhere.
pub(super) fn elsewhere(mut story: Story) -> Story {
    story.facts.old_place = "Hội trường Tỉnh ủy, 1 Trần Phú".to_owned();
    story
}

pub(super) fn window() -> Story {
    let facts = Facts {
        title: "Hội thi cán bộ HTX giỏi".to_owned(),
        window: "trong tháng 4/2024".to_owned(),
        lines: vec!["Thi kiến thức".to_owned()],
        ..Facts::default()
    };
    let when = When::Open(Some(date(2024, 4, 30)));
    Story::new(Genre::Event, "events/", OFFICE, facts).beginning(KNOWN, when, None)
}

/// What is due by the end of 27 March.
pub(super) fn due(genre: Genre, facts: Facts) -> Story {
    let when = When::Until {
        last: date(2024, 3, 27),
        before: false,
    };
    Story::new(genre, "events/", OFFICE, facts).beginning(KNOWN, when, None)
}

pub(super) fn report() -> Story {
    due(
        Genre::Report,
        Facts {
            title: "Báo cáo tình hình hoạt động tháng 3/2024".to_owned(),
            lines: vec!["Tiến độ Tháng hành động".to_owned()],
            submit_to: "Phòng 201, trụ sở Liên minh".to_owned(),
            ..Facts::default()
        },
    )
}

const LATER: When = When::Until {
    last: date(2024, 4, 5),
    before: false,
};

/// There is more time for it.
pub(super) fn extended(story: Story) -> Story {
    changed(story, Standing::Scheduled, LATER)
}

/// It was put off, and has a new limit since 25 March.
pub(super) fn due_again(story: Story) -> Story {
    let mut story = gone(story, Standing::Postponed);
    let at = date(2024, 3, 25).at(14, 0, 0, 0);
    let why = "Đã có mẫu báo cáo mới";
    story.goes_on(at, Standing::Scheduled, LATER, why);
    story
}

pub(super) fn task() -> Story {
    due(
        Genre::Task,
        Facts {
            title: "Biên tập bản tin số 2/2024".to_owned(),
            lines: vec!["Tin bài về Tháng hành động".to_owned()],
            ..Facts::default()
        },
    )
}

pub(super) fn claim() -> Story {
    due(
        Genre::Claim,
        Facts {
            title: "Báo cáo tình hình hoạt động tháng 3/2024".to_owned(),
            party: HTX.to_owned(),
            ..Facts::default()
        },
    )
}

pub(super) fn admission() -> Story {
    due(
        Genre::Admission,
        Facts {
            title: "Kết nạp thành viên đợt 1/2024".to_owned(),
            ..Facts::default()
        },
    )
}

pub(super) fn application(genre: Genre) -> Story {
    let own = Facts {
        title: "Mua máy sấy mắc ca".to_owned(),
        party: HTX.to_owned(),
        programme: "Hỗ trợ HTX năm nay".to_owned(),
        ..Facts::default()
    };
    let facts = if genre == Genre::Step {
        Facts {
            step: "thẩm định".to_owned(),
            ..own
        }
    } else if genre == Genre::Supplement {
        Facts {
            missing: vec!["Báo cáo tài chính 2 năm".to_owned()],
            ..own
        }
    } else {
        Facts {
            decision: "41/QĐ-LMHTX".to_owned(),
            amount: "195.000.000 đồng".to_owned(),
            ..own
        }
    };
    due(genre, facts)
}
