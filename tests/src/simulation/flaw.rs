//! Deliberate breaks of the model: each must be found, or the simulator proves nothing.

/// What is broken on purpose.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Flaw {
    /// Nothing.
    #[default]
    None,
    /// The inbox admits every copy of a message.
    InboxForgets,
    /// Whoever holds an old lease sends all the same.
    SendsWithoutLease,
    /// The sweep queues again what is being sent.
    SweepRequeuesSending,
    /// The relay deletes rows whose confirm never came.
    RelayDeletesUnconfirmed,
    /// A lost order is never rung again, and no source is compared.
    NobodyRings,
    /// A message leaves although its matter has moved on.
    SendsWhatMoved,
    /// A fan-out writes on after its claim was lost.
    FansOutWithoutClaim,
    /// A missing answer is taken for a refusal.
    SilenceIsRefusal,
    /// An order in doubt is posted again when its gateway no longer knows its id.
    RepeatsForEver,
    /// A policy that refuses is believed at once to mean the mail.
    PolicyIsBelieved,
    /// What a relay says of our account fails the mail in hand.
    AccountFailsMail,
    /// Who slept over the end of a lease sends all the same.
    SleepersSend,
    /// The same person appraises, approves and pays out.
    OnePairOfEyes,
    /// A repeated call is carried out again.
    RequestsForgotten,
    /// Two calls post on the same balance.
    LostUpdate,
}
