use super::*;

fn at(phase: Phase, code: u16, text: &str) -> Verdict {
    refused(&Reply::new(code, text), phase)
}

#[test]
fn case_31_each_reply_has_its_class() {
    let retry = |reason: &str, pace| Verdict::Retry {
        reason: reason.to_owned(),
        pace,
    };
    let failed = |reason: &str, suppress| Verdict::Failed {
        reason: reason.to_owned(),
        suppress,
    };
    let table = [
        (
            Phase::Rcpt,
            421,
            "4.3.2 shutting down",
            retry("421 4.3.2", Pace::Usual),
        ),
        (
            Phase::Rcpt,
            450,
            "4.7.1 greylisted",
            retry("450 4.7.1", Pace::Greylist),
        ),
        (Phase::Rcpt, 451, "try again", retry("451", Pace::Greylist)),
        (
            Phase::Rcpt,
            451,
            "4.3.0 local error",
            retry("451 4.3.0", Pace::Usual),
        ),
        (
            Phase::Rcpt,
            452,
            "4.2.2 full",
            retry("452 4.2.2", Pace::MailboxFull),
        ),
        (
            Phase::Rcpt,
            550,
            "5.1.1 no such user",
            failed("550 5.1.1", true),
        ),
        (
            Phase::Rcpt,
            550,
            "5.1.2 no such system",
            failed("550 5.1.2", true),
        ),
        (Phase::Rcpt, 551, "5.1.6 moved", failed("551 5.1.6", true)),
        (Phase::Rcpt, 550, "no", failed("550", false)),
        (Phase::Dot, 552, "5.3.4 too big", failed("552 5.3.4", false)),
        (Phase::Dot, 554, "5.7.1 policy", failed("554 5.7.1", false)),
        (
            Phase::Dot,
            451,
            "4.3.0 disk",
            retry("451 4.3.0", Pace::Usual),
        ),
    ];
    for (phase, code, text, expected) in table {
        assert_eq!(at(phase, code, text), expected, "{code} {text}");
    }
}

/// What relays really say: Google Workspace, Microsoft 365, Postfix.
#[test]
fn what_speaks_of_us_rests_the_channel_and_fails_nobody() {
    for (phase, code, text) in [
        (
            Phase::Connect,
            535,
            "5.7.8 Username and Password not accepted",
        ),
        (
            Phase::Connect,
            454,
            "4.7.0 Too many login attempts, please try again later",
        ),
        (Phase::Connect, 554, "5.7.1 blocked"),
        (
            Phase::Mail,
            530,
            "5.7.57 Client not authenticated to send mail",
        ),
        (
            Phase::Mail,
            553,
            "5.7.1 <nhacviec@lienminh.example>: Sender address rejected",
        ),
        (Phase::Mail, 550, "5.4.5 Daily user sending limit exceeded"),
        (
            Phase::Mail,
            554,
            "5.2.0 STOREDRV.Submission.Exception:SubmissionQuotaExceededException",
        ),
        (Phase::Mail, 550, "no"),
        (
            Phase::Rcpt,
            530,
            "5.7.0 Must issue a STARTTLS command first",
        ),
        (
            Phase::Rcpt,
            550,
            "5.1.90 you've reached your daily limit for message recipients",
        ),
        (
            Phase::Data,
            550,
            "5.4.5 Daily SMTP relay limit exceeded for user",
        ),
        (Phase::Dot, 550, "5.4.5 Daily user sending limit exceeded"),
        (
            Phase::Dot,
            550,
            "5.7.1 Daily SMTP relay limit exceeded for customer",
        ),
        (
            Phase::Dot,
            554,
            "5.2.2 mailbox full; STOREDRV.Submission.Exception:QuotaExceededException",
        ),
        (
            Phase::Dot,
            550,
            "5.7.60 SMTP; Client does not have permissions to send as this sender",
        ),
        (
            Phase::Dot,
            550,
            "5.7.705 Access denied, tenant has exceeded threshold",
        ),
        (Phase::Data, 550, "5.7.502 Access denied, banned sender"),
        (Phase::Dot, 530, "5.7.57 Client not authenticated"),
        (Phase::Dot, 550, "5.7.501 Access denied, spam abuse"),
        (Phase::Dot, 550, "5.7.503 Access denied, banned sender"),
        (Phase::Dot, 550, "5.7.708 Access denied, low reputation IP"),
        (Phase::Dot, 550, "5.7.750 Unable to send from this domain"),
    ] {
        let verdict = at(phase, code, text);
        assert!(
            matches!(verdict, Verdict::Config { .. }),
            "{code} {text}: {verdict:?}"
        );
    }
}

#[test]
fn what_speaks_of_one_mail_fails_that_mail_and_no_other() {
    for (phase, code, text) in [
        (
            Phase::Dot,
            552,
            "5.7.0 This message was blocked because its content",
        ),
        (Phase::Dot, 554, "5.7.1 Spam message rejected"),
        (Phase::Dot, 550, "5.7.703 blocked by your organization"),
        (
            Phase::Dot,
            550,
            "5.7.509 sending domain does not pass DMARC",
        ),
        (Phase::Dot, 552, "5.3.4 Message size limit exceeded"),
        (Phase::Dot, 552, "size limit exceeded"),
        (
            Phase::Dot,
            552,
            "5.2.2 The recipient's mailbox limit exceeded",
        ),
        (Phase::Data, 554, "5.5.1 no valid recipients"),
        (Phase::Dot, 530, "5.7.0 odd"),
        (Phase::Rcpt, 552, "5.2.2 mailbox limit exceeded"),
        (Phase::Rcpt, 550, "relay limit exceeded"),
    ] {
        let verdict = at(phase, code, text);
        let fails = matches!(
            verdict,
            Verdict::Failed {
                suppress: false,
                ..
            }
        );
        assert!(fails, "{code} {text}: {verdict:?}");
    }
}

#[test]
fn a_policy_at_rcpt_may_mean_us_or_the_mail() {
    for (code, text, alike) in [
        (554, "5.7.1 <a@b.example>: Relay access denied", "5.7.1"),
        (550, "5.7.0 Mail relay denied", "5.7.0"),
        (550, "5.7.26 unauthenticated sender", "5.7.26"),
    ] {
        let reason = format!("{code} {alike}");
        let alike = alike.to_owned();
        assert_eq!(
            at(Phase::Rcpt, code, text),
            Verdict::Doubtful { reason, alike }
        );
    }
}

#[test]
fn a_full_disk_of_the_relay_is_nobody_s_mailbox() {
    let away = |phase, text| {
        let verdict = at(phase, 452, text);
        matches!(verdict, Verdict::Away { pause, .. } if pause == FULL_PAUSE)
    };
    for phase in [Phase::Mail, Phase::Rcpt, Phase::Data, Phase::Dot] {
        assert!(
            away(phase, "4.3.1 Insufficient system storage"),
            "{phase:?}"
        );
    }
    assert!(away(Phase::Mail, "insufficient system storage"));
    assert!(!away(Phase::Rcpt, "mailbox full"));
    assert!(!away(Phase::Rcpt, "4.2.2 over quota"));
}

#[test]
fn too_much_at_once_asks_for_fewer_lanes() {
    let crowded = |phase, code, text| matches!(at(phase, code, text), Verdict::Crowded { .. });
    for (phase, code, text) in [
        (
            Phase::Connect,
            421,
            "4.7.0 mail.example Error: too many connections from 10.0.0.1",
        ),
        (Phase::Connect, 421, "Too many concurrent SMTP connections"),
        (
            Phase::Mail,
            421,
            "4.4.2 Message submission rate for this client has exceeded the configured limit",
        ),
        (
            Phase::Dot,
            432,
            "4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded",
        ),
        (
            Phase::Dot,
            432,
            "4.3.2 Concurrent connections limit exceeded",
        ),
    ] {
        assert!(crowded(phase, code, text), "{code} {text}");
    }
    for (phase, code, text) in [
        (
            Phase::Rcpt,
            421,
            "4.7.0 mail.example Error: too many errors",
        ),
        (Phase::Rcpt, 421, "4.7.0 too many messages in this session"),
        (
            Phase::Rcpt,
            432,
            "4.3.2 STOREDRV.Deliver; recipient thread limit exceeded",
        ),
        (Phase::Rcpt, 421, "4.3.2 shutting down"),
        (Phase::Rcpt, 452, "4.5.3 too many recipients"),
    ] {
        assert!(!crowded(phase, code, text), "{code} {text}");
    }
}

#[test]
fn silence_is_harmless_before_354_and_unknown_after_it() {
    for phase in [Phase::Mail, Phase::Rcpt, Phase::Data] {
        assert!(matches!(no_reply(phase, "timeout"), Verdict::Retry { .. }));
    }
    assert!(matches!(
        no_reply(Phase::Connect, "timeout"),
        Verdict::Away { .. }
    ));
    assert!(matches!(
        at(Phase::Connect, 421, "busy"),
        Verdict::Away { .. }
    ));
    assert!(matches!(
        no_reply(Phase::Dot, "timeout"),
        Verdict::Unknown { .. }
    ));
}

#[test]
fn a_reply_out_of_step_is_never_taken_for_acceptance() {
    assert!(matches!(
        at(Phase::Dot, 354, "go ahead"),
        Verdict::Unknown { .. }
    ));
    assert!(matches!(at(Phase::Data, 250, "ok"), Verdict::Retry { .. }));
}

#[test]
fn an_enhanced_code_of_another_class_is_not_believed() {
    assert_eq!(Reply::new(450, "5.1.1 odd").enhanced, None);
    assert_eq!(Reply::new(550, "5.1.1.1 odd").enhanced, None);
}
