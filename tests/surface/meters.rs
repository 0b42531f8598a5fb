//! The metrics of each service: name, type, labels.

use kit::telemetry::{METERS, Meter};
use lienminh_tests::surface::{is_as_recorded, sorted};

#[test]
fn the_metrics_of_every_service_are_as_recorded() {
    let line = |who: &str, meter: &Meter| {
        let labels = meter.labels.replace(' ', ", ");
        let kind = meter.kind.word();
        format!("{who} {} {kind} {{{labels}}}", meter.name)
    };
    let all = METERS.iter().map(|meter| line("every service", meter));
    let own = notifier::meters::METERS.iter();
    let own = own.map(|meter| line("notifier", meter));
    is_as_recorded("metrics.txt", &sorted(all.chain(own)));
}
