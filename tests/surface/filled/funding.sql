--
-- PostgreSQL database dump
--

\restrict bRm1lrwWdOCefkkQ4d7v8YS0kDHiPeTUfUgULO5BKPYVFHi4s2tIJf7itQZuQzX

-- Dumped from database version 15.18 (Debian 15.18-0+deb12u1)
-- Dumped by pg_dump version 15.18 (Debian 15.18-0+deb12u1)

SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;

--
-- Name: public; Type: SCHEMA; Schema: -; Owner: funding_owner
--

-- *not* creating schema, since initdb creates it


ALTER SCHEMA public OWNER TO funding_owner;

--
-- Name: account_moves_with_its_entries(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.account_moves_with_its_entries() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if not exists (
        select 1 from entry e
        where e.programme_id = new.programme_id and e.account = new.kind
          and e.account_version = new.version and e.balance_after_vnd = new.balance_vnd
    ) then
        raise exception using errcode = 'check_violation', constraint = 'account_moves_with_its_entries',
            message = 'an account moves only with an entry';
    end if;
    return null;
end $$;


ALTER FUNCTION public.account_moves_with_its_entries() OWNER TO funding_owner;

--
-- Name: account_starts_empty(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.account_starts_empty() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if new.balance_vnd <> 0 or new.version <> 0 then
        raise exception using errcode = 'check_violation', constraint = 'account_starts_empty',
            message = 'an account starts empty';
    end if;
    return new;
end $$;


ALTER FUNCTION public.account_starts_empty() OWNER TO funding_owner;

--
-- Name: append_only(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception '% is append-only', tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;


ALTER FUNCTION public.append_only() OWNER TO funding_owner;

--
-- Name: application_comes_in(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.application_comes_in() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if new.state <> 'submitted' or new.version <> 1 or new.appraiser is not null or new.approver is not null
        or new.approved_vnd <> 0 or new.disbursed_vnd <> 0 then
        perform booked_refuse('application_comes_in', 'an application comes in undecided');
    end if;
    return new;
end $$;


ALTER FUNCTION public.application_comes_in() OWNER TO funding_owner;

--
-- Name: application_is_booked(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.application_is_booked() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if exists (
        select from application_money m
        where m.id = new.id and (m.approved_vnd <> m.committed_vnd or m.disbursed_vnd <> m.paid_vnd)
    ) then
        perform booked_refuse('application_is_booked', 'what an application counts is booked');
    end if;
    return null;
end $$;


ALTER FUNCTION public.application_is_booked() OWNER TO funding_owner;

--
-- Name: application_steps(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.application_steps() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if new.version <> old.version + 1 then
        perform booked_refuse('application_version_follows', 'a step is taken on the version before it');
    end if;
    if (new.id, new.programme_id, new.applicant_id, new.purpose, new.requested_vnd, new.created_at)
        <> (old.id, old.programme_id, old.applicant_id, old.purpose, old.requested_vnd, old.created_at) then
        perform booked_refuse('application_request_stays', 'what was asked for stays as it was');
    end if;
    if old.state in ('approved', 'rejected', 'disbursed')
        and (new.appraiser, new.approver, new.approved_vnd, new.decision_number)
            is distinct from (old.appraiser, old.approver, old.approved_vnd, old.decision_number) then
        perform booked_refuse('application_decision_stays', 'what was decided stays as it was');
    end if;
    if (old.state, new.state) not in (
        ('submitted', 'supplement_requested'), ('supplement_requested', 'supplement_requested'),
        ('supplement_requested', 'submitted'), ('submitted', 'appraised'),
        ('submitted', 'withdrawn'), ('supplement_requested', 'withdrawn'), ('appraised', 'withdrawn'),
        ('appraised', 'approved'), ('appraised', 'rejected'),
        ('approved', 'approved'), ('approved', 'disbursed')) then
        perform booked_refuse('application_steps_known', 'an application takes the steps of its procedure');
    end if;
    return new;
end $$;


ALTER FUNCTION public.application_steps() OWNER TO funding_owner;

--
-- Name: booked_refuse(text, text); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.booked_refuse(broken text, what text) RETURNS void
    LANGUAGE plpgsql
    AS $$
begin
    raise exception using errcode = 'check_violation', constraint = broken, message = what;
end $$;


ALTER FUNCTION public.booked_refuse(broken text, what text) OWNER TO funding_owner;

--
-- Name: disburser_is_a_third_person(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.disburser_is_a_third_person() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if new.kind = 'disbursement' and exists (
        select 1 from application a
        where a.id = new.application_id
          and person(new.posted_by) in (person(a.appraiser), person(a.approver))
    ) then
        perform booked_refuse('disburser_is_a_third_person',
            'who pays out is neither who appraised nor who approved');
    end if;
    return null;
end $$;


ALTER FUNCTION public.disburser_is_a_third_person() OWNER TO funding_owner;

--
-- Name: entry_moves_account(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.entry_moves_account() RETURNS trigger
    LANGUAGE plpgsql SECURITY DEFINER
    SET search_path TO '$user', 'public'
    AS $$
declare
    before record;
begin
    select balance_vnd, version into before from account
    where programme_id = new.programme_id and kind = new.account for no key update;
    if new.account_version <> before.version + 1 or new.balance_after_vnd <> before.balance_vnd + new.amount_vnd then
        raise exception using errcode = 'check_violation', constraint = 'entry_follows_its_account',
            message = 'an entry continues its account without gap or fork';
    end if;
    update account set balance_vnd = new.balance_after_vnd, version = new.account_version
    where programme_id = new.programme_id and kind = new.account;
    return new;
end $$;


ALTER FUNCTION public.entry_moves_account() OWNER TO funding_owner;

--
-- Name: obligation_follows(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.obligation_follows() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if new.sequence <> old.sequence + 1 then
        perform booked_refuse('obligation_sequence_follows', 'a reminder is changed on the state before it');
    end if;
    return new;
end $$;


ALTER FUNCTION public.obligation_follows() OWNER TO funding_owner;

--
-- Name: person(text); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.person(subject text) RETURNS text
    LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE
    RETURN lower(NORMALIZE(btrim(subject, ' 	
 '::text), NFC));


ALTER FUNCTION public.person(subject text) OWNER TO funding_owner;

--
-- Name: posted_stays_posted(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.posted_stays_posted() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception using errcode = 'check_violation', constraint = 'posted_stays_posted',
        message = 'what was posted is never changed';
end $$;


ALTER FUNCTION public.posted_stays_posted() OWNER TO funding_owner;

--
-- Name: programme_is_booked(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.programme_is_booked() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if new.kind = 'grant' and not exists (
        select from transfer t where t.programme_id = new.id and t.kind = 'budget'
    ) then
        perform booked_refuse('programme_is_booked', 'the budget of a programme is booked with it');
    end if;
    return null;
end $$;


ALTER FUNCTION public.programme_is_booked() OWNER TO funding_owner;

--
-- Name: transfer_balances(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.transfer_balances() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
    the_transfer uuid;
    lines int;
    total numeric;
    programmes int;
begin
    if tg_table_name = 'transfer' then
        the_transfer := new.id;
    else
        the_transfer := new.transfer_id;
    end if;
    select count(*), coalesce(sum(e.amount_vnd), 0),
           count(distinct e.programme_id) + (count(*) filter (where e.programme_id <> t.programme_id))
    into lines, total, programmes
    from transfer t left join entry e on e.transfer_id = t.id
    where t.id = the_transfer;
    if lines < 2 or total <> 0 or programmes <> 1 then
        raise exception using errcode = 'check_violation', constraint = 'transfer_balances',
            message = 'a transfer has two entries or more of one programme and sums to zero';
    end if;
    return null;
end $$;


ALTER FUNCTION public.transfer_balances() OWNER TO funding_owner;

--
-- Name: transfer_is_justified(); Type: FUNCTION; Schema: public; Owner: funding_owner
--

CREATE FUNCTION public.transfer_is_justified() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
declare
    money record;
    booked record;
begin
    select * into booked from moved m where m.id = new.id;
    if not booked.is_of_its_kind then
        perform booked_refuse('transfer_moves_by_its_kind', 'a transfer moves between the accounts of its kind');
    end if;
    if new.kind = 'budget' then
        if not exists (
            select from programme p
            where p.id = new.programme_id and p.kind = 'grant' and p.budget_vnd = booked.amount_vnd
        ) then
            perform booked_refuse('transfer_is_justified', 'a budget is the one of its programme');
        end if;
        return null;
    end if;
    select * into money from application_money m where m.id = new.application_id;
    if money.programme_id <> new.programme_id
        or money.approved_vnd <> money.committed_vnd or money.disbursed_vnd <> money.paid_vnd
        or (new.kind = 'commitment' and person(money.approver) is distinct from person(new.posted_by)) then
        perform booked_refuse('transfer_is_justified',
            'money is committed and paid as its application was approved, by those who did it');
    end if;
    return null;
end $$;


ALTER FUNCTION public.transfer_is_justified() OWNER TO funding_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: account; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.account (
    programme_id uuid NOT NULL,
    kind text NOT NULL,
    floor_vnd bigint,
    balance_vnd bigint DEFAULT 0 NOT NULL,
    version bigint DEFAULT 0 NOT NULL,
    CONSTRAINT account_floor_held CHECK (((floor_vnd IS NULL) OR (balance_vnd >= floor_vnd))),
    CONSTRAINT account_kind_known CHECK ((kind = ANY (ARRAY['budget'::text, 'available'::text, 'committed'::text, 'disbursed'::text, 'returned'::text]))),
    CONSTRAINT account_version_not_negative CHECK ((version >= 0))
);


ALTER TABLE public.account OWNER TO funding_owner;

--
-- Name: TABLE account; Type: COMMENT; Schema: public; Owner: funding_owner
--

COMMENT ON TABLE public.account IS 'append-only';


--
-- Name: application; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.application (
    id uuid NOT NULL,
    programme_id uuid NOT NULL,
    applicant_id uuid NOT NULL,
    purpose text NOT NULL,
    requested_vnd bigint NOT NULL,
    approved_vnd bigint DEFAULT 0 NOT NULL,
    disbursed_vnd bigint DEFAULT 0 NOT NULL,
    state text NOT NULL,
    missing_papers text[] DEFAULT '{}'::text[] NOT NULL,
    supplement_date date,
    opinion text DEFAULT ''::text NOT NULL,
    appraiser text,
    approver text,
    decision_number text DEFAULT ''::text NOT NULL,
    disbursement_date date,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT application_amounts_in_order CHECK (((requested_vnd > 0) AND ((approved_vnd >= 0) AND (approved_vnd <= requested_vnd)) AND ((disbursed_vnd >= 0) AND (disbursed_vnd <= approved_vnd)))),
    CONSTRAINT application_appraised_by_somebody CHECK (((state <> ALL (ARRAY['appraised'::text, 'approved'::text, 'disbursed'::text])) OR (appraiser IS NOT NULL))),
    CONSTRAINT application_approved_by_somebody CHECK (((state <> ALL (ARRAY['approved'::text, 'disbursed'::text])) OR ((approver IS NOT NULL) AND (approved_vnd > 0) AND (decision_number <> ''::text)))),
    CONSTRAINT application_approved_where_decided CHECK (((state = ANY (ARRAY['approved'::text, 'disbursed'::text])) = (approved_vnd > 0))),
    CONSTRAINT application_disbursed_when_paid CHECK (((state = 'disbursed'::text) = ((approved_vnd > 0) AND (disbursed_vnd = approved_vnd)))),
    CONSTRAINT application_four_eyes CHECK (((approver IS NULL) OR (appraiser IS NULL) OR (public.person(approver) <> public.person(appraiser)))),
    CONSTRAINT application_state_known CHECK ((state = ANY (ARRAY['submitted'::text, 'supplement_requested'::text, 'appraised'::text, 'approved'::text, 'rejected'::text, 'disbursed'::text, 'withdrawn'::text]))),
    CONSTRAINT application_supplement_complete CHECK (((state <> 'supplement_requested'::text) OR ((supplement_date IS NOT NULL) AND (cardinality(missing_papers) > 0)))),
    CONSTRAINT application_version_positive CHECK ((version > 0))
);


ALTER TABLE public.application OWNER TO funding_owner;

--
-- Name: entry; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.entry (
    transfer_id uuid NOT NULL,
    line integer NOT NULL,
    programme_id uuid NOT NULL,
    account text NOT NULL,
    amount_vnd bigint NOT NULL,
    account_version bigint NOT NULL,
    balance_after_vnd bigint NOT NULL,
    CONSTRAINT entry_amount_not_zero CHECK ((amount_vnd <> 0)),
    CONSTRAINT entry_line_positive CHECK ((line > 0))
);


ALTER TABLE public.entry OWNER TO funding_owner;

--
-- Name: TABLE entry; Type: COMMENT; Schema: public; Owner: funding_owner
--

COMMENT ON TABLE public.entry IS 'append-only';


--
-- Name: programme; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.programme (
    id uuid NOT NULL,
    title text NOT NULL,
    kind text NOT NULL,
    budget_vnd bigint NOT NULL,
    organiser_id uuid NOT NULL,
    lead_unit_id uuid NOT NULL,
    lender text NOT NULL,
    document_number_as_printed text NOT NULL,
    document_title text NOT NULL,
    document_date date,
    start_date date,
    end_date date,
    created_at timestamp with time zone NOT NULL,
    version bigint NOT NULL,
    CONSTRAINT programme_budget_fits_kind CHECK ((((kind = 'grant'::text) AND (budget_vnd > 0)) OR ((kind = 'application_help'::text) AND (budget_vnd = 0)))),
    CONSTRAINT programme_dates_in_order CHECK (((start_date IS NULL) OR (end_date IS NULL) OR (start_date <= end_date))),
    CONSTRAINT programme_kind_known CHECK ((kind = ANY (ARRAY['grant'::text, 'application_help'::text]))),
    CONSTRAINT programme_version_positive CHECK ((version > 0))
);


ALTER TABLE public.programme OWNER TO funding_owner;

--
-- Name: TABLE programme; Type: COMMENT; Schema: public; Owner: funding_owner
--

COMMENT ON TABLE public.programme IS 'append-only';


--
-- Name: transfer; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.transfer (
    id uuid NOT NULL,
    kind text NOT NULL,
    programme_id uuid NOT NULL,
    application_id uuid,
    bank_reference text,
    effective_on date NOT NULL,
    posted_at timestamp with time zone NOT NULL,
    posted_by text NOT NULL,
    CONSTRAINT transfer_application_where_due CHECK (((kind = 'budget'::text) = (application_id IS NULL))),
    CONSTRAINT transfer_disbursement_has_reference CHECK (((kind = 'disbursement'::text) = (bank_reference IS NOT NULL))),
    CONSTRAINT transfer_kind_known CHECK ((kind = ANY (ARRAY['budget'::text, 'commitment'::text, 'disbursement'::text]))),
    CONSTRAINT transfer_posted_by_named CHECK ((posted_by <> ''::text))
);


ALTER TABLE public.transfer OWNER TO funding_owner;

--
-- Name: TABLE transfer; Type: COMMENT; Schema: public; Owner: funding_owner
--

COMMENT ON TABLE public.transfer IS 'append-only';


--
-- Name: application_money; Type: VIEW; Schema: public; Owner: funding_owner
--

CREATE VIEW public.application_money AS
 SELECT a.id,
    a.programme_id,
    a.appraiser,
    a.approver,
        CASE
            WHEN (p.kind = 'grant'::text) THEN a.approved_vnd
            ELSE (0)::bigint
        END AS approved_vnd,
    a.disbursed_vnd,
    ( SELECT COALESCE(sum(e.amount_vnd), (0)::numeric) AS "coalesce"
           FROM (public.transfer t
             JOIN public.entry e ON ((e.transfer_id = t.id)))
          WHERE ((t.application_id = a.id) AND (t.kind = 'commitment'::text) AND (e.account = 'committed'::text))) AS committed_vnd,
    ( SELECT COALESCE(sum(e.amount_vnd), (0)::numeric) AS "coalesce"
           FROM (public.transfer t
             JOIN public.entry e ON ((e.transfer_id = t.id)))
          WHERE ((t.application_id = a.id) AND (t.kind = 'disbursement'::text) AND (e.account = 'disbursed'::text))) AS paid_vnd
   FROM (public.application a
     JOIN public.programme p ON ((p.id = a.programme_id)));


ALTER TABLE public.application_money OWNER TO funding_owner;

--
-- Name: audit; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.audit (
    seq bigint NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    subject text NOT NULL,
    organisation text,
    method text NOT NULL,
    resource text,
    request_id uuid NOT NULL,
    request_hash bytea NOT NULL,
    CONSTRAINT audit_request_hash_is_sha256 CHECK ((octet_length(request_hash) = 32))
);


ALTER TABLE public.audit OWNER TO funding_owner;

--
-- Name: TABLE audit; Type: COMMENT; Schema: public; Owner: funding_owner
--

COMMENT ON TABLE public.audit IS 'append-only';


--
-- Name: audit_head; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.audit_head (
    only_row boolean DEFAULT true NOT NULL,
    number bigint NOT NULL,
    entries bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_head_is_one_row CHECK (only_row)
);


ALTER TABLE public.audit_head OWNER TO funding_owner;

--
-- Name: audit_pending; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.audit_pending (
    seq bigint NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_cost_delay='0');


ALTER TABLE public.audit_pending OWNER TO funding_owner;

--
-- Name: audit_seal; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.audit_seal (
    number bigint NOT NULL,
    seqs bigint[] NOT NULL,
    leaves bytea NOT NULL,
    previous bytea NOT NULL,
    hash bytea NOT NULL,
    sealed_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    CONSTRAINT audit_seal_covers_rows CHECK ((cardinality(seqs) > 0)),
    CONSTRAINT audit_seal_hashes_are_sha256 CHECK (((octet_length(previous) = 32) AND (octet_length(hash) = 32))),
    CONSTRAINT audit_seal_number_positive CHECK ((number > 0)),
    CONSTRAINT audit_seal_one_leaf_per_row CHECK ((octet_length(leaves) = (32 * cardinality(seqs))))
);


ALTER TABLE public.audit_seal OWNER TO funding_owner;

--
-- Name: TABLE audit_seal; Type: COMMENT; Schema: public; Owner: funding_owner
--

COMMENT ON TABLE public.audit_seal IS 'append-only';


--
-- Name: audit_seq_seq; Type: SEQUENCE; Schema: public; Owner: funding_owner
--

ALTER TABLE public.audit ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.audit_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: inbox; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    received_on date DEFAULT CURRENT_DATE NOT NULL
);


ALTER TABLE public.inbox OWNER TO funding_owner;

--
-- Name: inbox_purged; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.inbox_purged (
    consumer text NOT NULL,
    messages bigint NOT NULL,
    CONSTRAINT inbox_purged_messages_positive CHECK ((messages > 0))
);


ALTER TABLE public.inbox_purged OWNER TO funding_owner;

--
-- Name: migration; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.migration (
    series text NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    checksum bytea NOT NULL,
    breaks_before integer NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


ALTER TABLE public.migration OWNER TO funding_owner;

--
-- Name: TABLE migration; Type: COMMENT; Schema: public; Owner: funding_owner
--

COMMENT ON TABLE public.migration IS 'read-only';


--
-- Name: moved; Type: VIEW; Schema: public; Owner: funding_owner
--

CREATE VIEW public.moved AS
SELECT
    NULL::uuid AS id,
    NULL::text AS kind,
    NULL::uuid AS programme_id,
    NULL::uuid AS application_id,
    NULL::text AS posted_by,
    NULL::numeric AS amount_vnd,
    NULL::numeric AS total_vnd,
    NULL::bigint AS lines,
    NULL::boolean AS is_of_its_kind;


ALTER TABLE public.moved OWNER TO funding_owner;

--
-- Name: movement; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.movement (
    kind text NOT NULL,
    out_of text NOT NULL,
    into_it text NOT NULL,
    CONSTRAINT movement_moves CHECK ((out_of <> into_it))
);


ALTER TABLE public.movement OWNER TO funding_owner;

--
-- Name: TABLE movement; Type: COMMENT; Schema: public; Owner: funding_owner
--

COMMENT ON TABLE public.movement IS 'read-only';


--
-- Name: obligation; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.obligation (
    id uuid NOT NULL,
    application_id uuid NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    last_day date NOT NULL,
    status text NOT NULL,
    lead_unit_id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    party_id uuid,
    variables jsonb DEFAULT '{}'::jsonb NOT NULL,
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    anchor_version bigint NOT NULL,
    sequence bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    CONSTRAINT obligation_kind_known CHECK ((kind = ANY (ARRAY['funding_step'::text, 'dossier_supplement'::text, 'disbursement'::text]))),
    CONSTRAINT obligation_sequence_positive CHECK (((sequence > 0) AND (anchor_version > 0))),
    CONSTRAINT obligation_status_known CHECK ((status = ANY (ARRAY['scheduled'::text, 'satisfied'::text, 'cancelled'::text])))
);


ALTER TABLE public.obligation OWNER TO funding_owner;

--
-- Name: outbox; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.outbox (
    seq bigint NOT NULL,
    id uuid NOT NULL,
    exchange text NOT NULL,
    routing_key text NOT NULL,
    stream text NOT NULL,
    mandatory boolean NOT NULL,
    type text NOT NULL,
    aggregate text,
    aggregate_sequence bigint,
    occurred_at timestamp with time zone,
    traceparent text,
    payload bytea NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    attempts integer DEFAULT 0 NOT NULL,
    retry_at timestamp with time zone,
    last_error text,
    CONSTRAINT outbox_attempts_not_negative CHECK ((attempts >= 0)),
    CONSTRAINT outbox_failure_has_a_retry CHECK (((last_error IS NULL) = (retry_at IS NULL))),
    CONSTRAINT outbox_payload_at_most_64_kib CHECK ((octet_length(payload) <= 65536))
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_cost_delay='0', autovacuum_analyze_scale_factor='0', autovacuum_analyze_threshold='100000');
ALTER TABLE ONLY public.outbox ALTER COLUMN payload SET STORAGE EXTERNAL;


ALTER TABLE public.outbox OWNER TO funding_owner;

--
-- Name: outbox_seq_seq; Type: SEQUENCE; Schema: public; Owner: funding_owner
--

ALTER TABLE public.outbox ALTER COLUMN seq ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.outbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: published; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.published (
    stream text NOT NULL,
    messages bigint NOT NULL,
    CONSTRAINT published_messages_positive CHECK ((messages > 0))
);


ALTER TABLE public.published OWNER TO funding_owner;

--
-- Name: request; Type: TABLE; Schema: public; Owner: funding_owner
--

CREATE TABLE public.request (
    request_id uuid NOT NULL,
    method text NOT NULL,
    subject text NOT NULL,
    request_hash bytea NOT NULL,
    response bytea NOT NULL,
    recorded_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL,
    organisation text DEFAULT ''::text NOT NULL,
    CONSTRAINT request_hash_is_sha256 CHECK ((octet_length(request_hash) = 32))
);


ALTER TABLE public.request OWNER TO funding_owner;

--
-- Data for Name: account; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.account (programme_id, kind, floor_vnd, balance_vnd, version) FROM stdin;
01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	disbursed	0	0	0
01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	returned	\N	0	0
01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	budget	\N	-100000000	1
01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	available	0	99000000	2
01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	committed	0	1000000	1
\.


--
-- Data for Name: application; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.application (id, programme_id, applicant_id, purpose, requested_vnd, approved_vnd, disbursed_vnd, state, missing_papers, supplement_date, opinion, appraiser, approver, decision_number, disbursement_date, created_at, updated_at, version) FROM stdin;
01a22dfc-f943-7112-8574-07b0af13965c	01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	01a22dfc-f803-76b5-b117-7e0beb61eb5a	Mua máy sấy	1000000	1000000	0	approved	{}	\N	Đủ điều kiện	person:tham-dinh	person:phe-duyet	15/QĐ-LMHTX	2024-03-20	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	3
\.


--
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.audit (seq, recorded_at, subject, organisation, method, resource, request_id, request_hash) FROM stdin;
1	2026-11-30 19:44:43.298768+00	user:lan	\N	lienminh.funding.v1.FundingService/CreateProgramme	programmes/01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	01a22dfc-f8c0-70d9-a79e-abe217a72f12	\\x189c437977ca5e5dc8f5cb85e6b6ecc2ca70971eb09b2c18a6abf6ae276c4094
2	2026-11-30 19:44:43.361327+00	user:lan	\N	lienminh.funding.v1.FundingService/SubmitApplication	applications/01a22dfc-f943-7112-8574-07b0af13965c	01a22dfc-f942-72ff-8f9b-787dd9643a0a	\\xaa5282929ae0ab1cd3e348a9c64a46f29c0c9d3fa3e9eecb458f27462559ebc9
3	2026-11-30 19:44:43.406731+00	person:tham-dinh	\N	lienminh.funding.v1.FundingService/AppraiseApplication	applications/01a22dfc-f943-7112-8574-07b0af13965c	01a22dfc-f975-769f-95cc-8f101d4aded3	\\xb606e532032c0746b802d0284ad00cf78edc8e81719718ff351547933663ab53
4	2026-11-30 19:44:43.506674+00	person:phe-duyet	\N	lienminh.funding.v1.FundingService/ApproveApplication	applications/01a22dfc-f943-7112-8574-07b0af13965c	01a22dfc-f994-7526-97eb-f769b188b969	\\x49e6301dd250a966f1986d8e29f210b5d6bfd45d565ff2806b0f15645a7ae225
\.


--
-- Data for Name: audit_head; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.audit_head (only_row, number, entries, hash) FROM stdin;
\.


--
-- Data for Name: audit_pending; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.audit_pending (seq) FROM stdin;
1
2
3
4
\.


--
-- Data for Name: audit_seal; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.audit_seal (number, seqs, leaves, previous, hash, sealed_at) FROM stdin;
\.


--
-- Data for Name: entry; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.entry (transfer_id, line, programme_id, account, amount_vnd, account_version, balance_after_vnd) FROM stdin;
01a22dfc-f909-7316-82fe-832aaf698e47	1	01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	available	100000000	1	100000000
01a22dfc-f909-7316-82fe-832aaf698e47	2	01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	budget	-100000000	1	-100000000
01a22dfc-f9ce-745e-a1bc-5368bb67bb75	1	01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	available	-1000000	2	99000000
01a22dfc-f9ce-745e-a1bc-5368bb67bb75	2	01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	committed	1000000	1	1000000
\.


--
-- Data for Name: inbox; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.inbox (consumer, message_id, received_on) FROM stdin;
\.


--
-- Data for Name: inbox_purged; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.inbox_purged (consumer, messages) FROM stdin;
\.


--
-- Data for Name: migration; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.migration (series, version, name, checksum, breaks_before, applied_at) FROM stdin;
kit	1	outbox	\\x2f06ad196f43339a64d4e9bde588700183e64571f3d85a3413dcb6b16f5a8046	0	2026-11-30 19:44:39.815828+00
kit	2	request	\\x0356cf87b2cb7825661dfa253f3b1639f0146150862e0b141d4fdb51a199ca17	0	2026-11-30 19:44:39.835437+00
kit	3	audit	\\x5ec7e3a3f44e13c39d194915ea8e7d09a7fcb5a1438a79d06523f494bd60613e	0	2026-11-30 19:44:39.856565+00
kit	4	request_organisation	\\x63a6fa343a1ad65acd1184dbc02f1281db0ed36a830e49b90440cd783154a65c	0	2026-11-30 19:44:39.865032+00
service	1	ledger	\\xa4336ae1eb0b10f7c19bd4f31a1beed4b6b8affe94bd746b42cbaf8c8c3128a5	0	2026-11-30 19:44:39.907887+00
service	2	application	\\x24fa425681a2d8067d98bd1a1f345edeb74964a46eca1e9049e7131abd7c4661	0	2026-11-30 19:44:39.936022+00
service	3	justified	\\xe364fc610bd1be33a7f87eabfcf487f9e9e4c7ab4c70a192327e4d766b88676f	0	2026-11-30 19:44:39.963192+00
\.


--
-- Data for Name: movement; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.movement (kind, out_of, into_it) FROM stdin;
budget	budget	available
commitment	available	committed
disbursement	committed	disbursed
\.


--
-- Data for Name: obligation; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.obligation (id, application_id, kind, title, last_day, status, lead_unit_id, organiser_id, party_id, variables, attributes, anchor_version, sequence, updated_at) FROM stdin;
01a22dfc-f953-7356-a229-914e98f8bbba	01a22dfc-f943-7112-8574-07b0af13965c	funding_step	Thẩm định hồ sơ: Mua máy sấy	2024-03-12	satisfied	01a22dfc-f803-76b5-b117-7e09c2f3997b	01a22dfc-f803-76b5-b117-7e07e1c9b96c	\N	{}	{"step": "thẩm định", "purpose": "Mua máy sấy", "applicant": "organisations/01a22dfc-f803-76b5-b117-7e0beb61eb5a", "programme": "Hỗ trợ máy móc năm 2024"}	1	2	2024-03-01 02:00:00+00
01a22dfc-f989-7202-a445-9d7b066ca0bb	01a22dfc-f943-7112-8574-07b0af13965c	funding_step	Quyết định hồ sơ: Mua máy sấy	2024-03-12	satisfied	01a22dfc-f803-76b5-b117-7e09c2f3997b	01a22dfc-f803-76b5-b117-7e07e1c9b96c	\N	{}	{"step": "quyết định", "purpose": "Mua máy sấy", "applicant": "organisations/01a22dfc-f803-76b5-b117-7e0beb61eb5a", "programme": "Hỗ trợ máy móc năm 2024"}	1	2	2024-03-01 02:00:00+00
01a22dfc-f9e8-723f-997f-ede4a6b00b48	01a22dfc-f943-7112-8574-07b0af13965c	disbursement	Mua máy sấy	2024-03-20	scheduled	01a22dfc-f803-76b5-b117-7e09c2f3997b	01a22dfc-f803-76b5-b117-7e07e1c9b96c	01a22dfc-f803-76b5-b117-7e0beb61eb5a	{"amount_text": "1.000.000 đồng"}	{"purpose": "Mua máy sấy", "decision": "15/QĐ-LMHTX", "applicant": "organisations/01a22dfc-f803-76b5-b117-7e0beb61eb5a", "programme": "Hỗ trợ máy móc năm 2024"}	1	1	2024-03-01 02:00:00+00
\.


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.outbox (seq, id, exchange, routing_key, stream, mandatory, type, aggregate, aggregate_sequence, occurred_at, traceparent, payload, recorded_at, attempts, retry_at, last_error) FROM stdin;
\.


--
-- Data for Name: programme; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.programme (id, title, kind, budget_vnd, organiser_id, lead_unit_id, lender, document_number_as_printed, document_title, document_date, start_date, end_date, created_at, version) FROM stdin;
01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	Hỗ trợ máy móc năm 2024	grant	100000000	01a22dfc-f803-76b5-b117-7e07e1c9b96c	01a22dfc-f803-76b5-b117-7e09c2f3997b				\N	\N	\N	2024-03-01 02:00:00+00	1
\.


--
-- Data for Name: published; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.published (stream, messages) FROM stdin;
facts:application	3
facts:obligation	5
\.


--
-- Data for Name: request; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.request (request_id, method, subject, request_hash, response, recorded_at, organisation) FROM stdin;
01a22dfc-f8c0-70d9-a79e-abe217a72f12	lienminh.funding.v1.FundingService/CreateProgramme	user:lan	\\x189c437977ca5e5dc8f5cb85e6b6ecc2ca70971eb09b2c18a6abf6ae276c4094	\\x0a2f70726f6772616d6d65732f30316132326466632d663866312d373732352d616235392d636462623736346534633163121e48e1bb97207472e1bba3206dc3a179206dc3b363206ec4836d203230323418012080c2d72f4080c2d72f4a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d37653037653163396239366352326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765303963326633393937627a0608a0ed84af06820114572f226969726d43637a6d5145385650466d6c22	2026-11-30 19:44:43.299053+00	
01a22dfc-f942-72ff-8f9b-787dd9643a0a	lienminh.funding.v1.FundingService/SubmitApplication	user:lan	\\xaa5282929ae0ab1cd3e348a9c64a46f29c0c9d3fa3e9eecb458f27462559ebc9	\\x0a316170706c69636174696f6e732f30316132326466632d663934332d373131322d383537342d303762306166313339363563122f70726f6772616d6d65732f30316132326466632d663866312d373732352d616235392d6364626237363465346331631a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d376530626562363165623561220e4d7561206dc3a1792073e1baa57928c0843d40017a0608a0ed84af0682010608a0ed84af068a0114572f22535166585833764b62524655345a6c4122	2026-11-30 19:44:43.36145+00	
01a22dfc-f975-769f-95cc-8f101d4aded3	lienminh.funding.v1.FundingService/AppraiseApplication	person:tham-dinh	\\xb606e532032c0746b802d0284ad00cf78edc8e81719718ff351547933663ab53	\\x0a316170706c69636174696f6e732f30316132326466632d663934332d373131322d383537342d303762306166313339363563122f70726f6772616d6d65732f30316132326466632d663866312d373732352d616235392d6364626237363465346331631a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d376530626562363165623561220e4d7561206dc3a1792073e1baa57928c0843d40035a10706572736f6e3a7468616d2d64696e687a0608a0ed84af0682010608a0ed84af068a0114572f2266344e716f4d7479566361455f4b485822	2026-11-30 19:44:43.406764+00	
01a22dfc-f994-7526-97eb-f769b188b969	lienminh.funding.v1.FundingService/ApproveApplication	person:phe-duyet	\\x49e6301dd250a966f1986d8e29f210b5d6bfd45d565ff2806b0f15645a7ae225	\\x0a316170706c69636174696f6e732f30316132326466632d663934332d373131322d383537342d303762306166313339363563122f70726f6772616d6d65732f30316132326466632d663866312d373732352d616235392d6364626237363465346331631a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d376530626562363165623561220e4d7561206dc3a1792073e1baa57928c0843d30c0843d40045a10706572736f6e3a7468616d2d64696e686210706572736f6e3a7068652d64757965746a0c31352f51c4902d4c4d485458720708e80f100318147a0608a0ed84af0682010608a0ed84af068a0114572f22466653535354455a53555944546f485422	2026-11-30 19:44:43.506711+00	
\.


--
-- Data for Name: transfer; Type: TABLE DATA; Schema: public; Owner: funding_owner
--

COPY public.transfer (id, kind, programme_id, application_id, bank_reference, effective_on, posted_at, posted_by) FROM stdin;
01a22dfc-f909-7316-82fe-832aaf698e47	budget	01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	\N	\N	2024-03-01	2024-03-01 02:00:00+00	user:lan
01a22dfc-f9ce-745e-a1bc-5368bb67bb75	commitment	01a22dfc-f8f1-7725-ab59-cdbb764e4c1c	01a22dfc-f943-7112-8574-07b0af13965c	\N	2024-03-01	2024-03-01 02:00:00+00	person:phe-duyet
\.


--
-- Name: audit_seq_seq; Type: SEQUENCE SET; Schema: public; Owner: funding_owner
--

SELECT pg_catalog.setval('public.audit_seq_seq', 4, true);


--
-- Name: outbox_seq_seq; Type: SEQUENCE SET; Schema: public; Owner: funding_owner
--

SELECT pg_catalog.setval('public.outbox_seq_seq', 8, true);


--
-- Name: account account_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_pkey PRIMARY KEY (programme_id, kind);


--
-- Name: application application_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_pkey PRIMARY KEY (id);


--
-- Name: audit_head audit_head_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (only_row);


--
-- Name: audit_pending audit_pending_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.audit_pending
    ADD CONSTRAINT audit_pending_pkey PRIMARY KEY (seq);


--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);


--
-- Name: audit_seal audit_seal_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_pkey PRIMARY KEY (number);


--
-- Name: entry entry_account_version_key; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_account_version_key UNIQUE (programme_id, account, account_version);


--
-- Name: entry entry_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_pkey PRIMARY KEY (transfer_id, line);


--
-- Name: inbox inbox_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);


--
-- Name: inbox_purged inbox_purged_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.inbox_purged
    ADD CONSTRAINT inbox_purged_pkey PRIMARY KEY (consumer);


--
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (series, version);


--
-- Name: movement movement_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.movement
    ADD CONSTRAINT movement_pkey PRIMARY KEY (kind);


--
-- Name: obligation obligation_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.obligation
    ADD CONSTRAINT obligation_pkey PRIMARY KEY (id);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);


--
-- Name: programme programme_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.programme
    ADD CONSTRAINT programme_pkey PRIMARY KEY (id);


--
-- Name: published published_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.published
    ADD CONSTRAINT published_pkey PRIMARY KEY (stream);


--
-- Name: request request_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (request_id, method, subject, organisation);


--
-- Name: transfer transfer_bank_reference_key; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_bank_reference_key UNIQUE (bank_reference);


--
-- Name: transfer transfer_pkey; Type: CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_pkey PRIMARY KEY (id);


--
-- Name: application_by_age; Type: INDEX; Schema: public; Owner: funding_owner
--

CREATE INDEX application_by_age ON public.application USING btree (created_at DESC, id DESC);


--
-- Name: application_by_programme; Type: INDEX; Schema: public; Owner: funding_owner
--

CREATE INDEX application_by_programme ON public.application USING btree (programme_id, created_at DESC, id DESC);


--
-- Name: audit_resource; Type: INDEX; Schema: public; Owner: funding_owner
--

CREATE INDEX audit_resource ON public.audit USING btree (resource, seq) WHERE (resource IS NOT NULL);


--
-- Name: inbox_received_on; Type: INDEX; Schema: public; Owner: funding_owner
--

CREATE INDEX inbox_received_on ON public.inbox USING brin (received_on);


--
-- Name: obligation_by_update; Type: INDEX; Schema: public; Owner: funding_owner
--

CREATE INDEX obligation_by_update ON public.obligation USING btree (updated_at, id);


--
-- Name: obligation_open_key; Type: INDEX; Schema: public; Owner: funding_owner
--

CREATE UNIQUE INDEX obligation_open_key ON public.obligation USING btree (application_id, kind) WHERE (status = 'scheduled'::text);


--
-- Name: request_recorded_at; Type: INDEX; Schema: public; Owner: funding_owner
--

CREATE INDEX request_recorded_at ON public.request USING brin (recorded_at);


--
-- Name: transfer_by_application; Type: INDEX; Schema: public; Owner: funding_owner
--

CREATE INDEX transfer_by_application ON public.transfer USING btree (application_id) WHERE (application_id IS NOT NULL);


--
-- Name: transfer_by_programme; Type: INDEX; Schema: public; Owner: funding_owner
--

CREATE INDEX transfer_by_programme ON public.transfer USING btree (programme_id, posted_at, id);


--
-- Name: transfer_one_budget; Type: INDEX; Schema: public; Owner: funding_owner
--

CREATE UNIQUE INDEX transfer_one_budget ON public.transfer USING btree (programme_id) WHERE (kind = 'budget'::text);


--
-- Name: transfer_one_commitment; Type: INDEX; Schema: public; Owner: funding_owner
--

CREATE UNIQUE INDEX transfer_one_commitment ON public.transfer USING btree (application_id) WHERE (kind = 'commitment'::text);


--
-- Name: moved _RETURN; Type: RULE; Schema: public; Owner: funding_owner
--

CREATE OR REPLACE VIEW public.moved AS
 SELECT t.id,
    t.kind,
    t.programme_id,
    t.application_id,
    t.posted_by,
    COALESCE(sum(e.amount_vnd) FILTER (WHERE (e.account = m.into_it)), (0)::numeric) AS amount_vnd,
    COALESCE(sum(e.amount_vnd), (0)::numeric) AS total_vnd,
    count(e.line) AS lines,
    ((count(e.line) = 2) AND (count(*) FILTER (WHERE ((e.account = m.into_it) AND (e.amount_vnd > 0))) = 1) AND (count(*) FILTER (WHERE (e.account = m.out_of)) = 1) AND COALESCE(bool_and((e.programme_id = t.programme_id)), false)) AS is_of_its_kind
   FROM ((public.transfer t
     JOIN public.movement m ON ((m.kind = t.kind)))
     LEFT JOIN public.entry e ON ((e.transfer_id = t.id)))
  GROUP BY t.id, m.kind;


--
-- Name: account account_moves_with_its_entries; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE CONSTRAINT TRIGGER account_moves_with_its_entries AFTER UPDATE ON public.account DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.account_moves_with_its_entries();


--
-- Name: account account_starts_empty; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE TRIGGER account_starts_empty BEFORE INSERT ON public.account FOR EACH ROW EXECUTE FUNCTION public.account_starts_empty();


--
-- Name: account account_stays; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE TRIGGER account_stays BEFORE DELETE OR TRUNCATE ON public.account FOR EACH STATEMENT EXECUTE FUNCTION public.posted_stays_posted();


--
-- Name: application application_comes_in; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE TRIGGER application_comes_in BEFORE INSERT ON public.application FOR EACH ROW EXECUTE FUNCTION public.application_comes_in();


--
-- Name: application application_is_booked; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE CONSTRAINT TRIGGER application_is_booked AFTER INSERT OR UPDATE ON public.application DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.application_is_booked();


--
-- Name: application application_stays; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE TRIGGER application_stays BEFORE DELETE OR TRUNCATE ON public.application FOR EACH STATEMENT EXECUTE FUNCTION public.posted_stays_posted();


--
-- Name: application application_steps; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE TRIGGER application_steps BEFORE UPDATE ON public.application FOR EACH ROW EXECUTE FUNCTION public.application_steps();


--
-- Name: audit audit_append_only; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();


--
-- Name: audit_seal audit_seal_append_only; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE TRIGGER audit_seal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_seal FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();


--
-- Name: transfer disburser_is_a_third_person; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE CONSTRAINT TRIGGER disburser_is_a_third_person AFTER INSERT ON public.transfer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.disburser_is_a_third_person();


--
-- Name: entry entry_balances; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE CONSTRAINT TRIGGER entry_balances AFTER INSERT ON public.entry DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.transfer_balances();


--
-- Name: entry entry_moves_account; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE TRIGGER entry_moves_account BEFORE INSERT ON public.entry FOR EACH ROW EXECUTE FUNCTION public.entry_moves_account();


--
-- Name: entry entry_stays; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE TRIGGER entry_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.entry FOR EACH STATEMENT EXECUTE FUNCTION public.posted_stays_posted();


--
-- Name: obligation obligation_follows; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE TRIGGER obligation_follows BEFORE UPDATE ON public.obligation FOR EACH ROW EXECUTE FUNCTION public.obligation_follows();


--
-- Name: programme programme_is_booked; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE CONSTRAINT TRIGGER programme_is_booked AFTER INSERT ON public.programme DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.programme_is_booked();


--
-- Name: programme programme_stays; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE TRIGGER programme_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.programme FOR EACH STATEMENT EXECUTE FUNCTION public.posted_stays_posted();


--
-- Name: transfer transfer_balances; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE CONSTRAINT TRIGGER transfer_balances AFTER INSERT ON public.transfer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.transfer_balances();


--
-- Name: transfer transfer_is_justified; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE CONSTRAINT TRIGGER transfer_is_justified AFTER INSERT ON public.transfer DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION public.transfer_is_justified();


--
-- Name: transfer transfer_stays; Type: TRIGGER; Schema: public; Owner: funding_owner
--

CREATE TRIGGER transfer_stays BEFORE DELETE OR UPDATE OR TRUNCATE ON public.transfer FOR EACH STATEMENT EXECUTE FUNCTION public.posted_stays_posted();


--
-- Name: account account_programme_fkey; Type: FK CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.account
    ADD CONSTRAINT account_programme_fkey FOREIGN KEY (programme_id) REFERENCES public.programme(id);


--
-- Name: application application_programme_fkey; Type: FK CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.application
    ADD CONSTRAINT application_programme_fkey FOREIGN KEY (programme_id) REFERENCES public.programme(id);


--
-- Name: entry entry_account_fkey; Type: FK CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_account_fkey FOREIGN KEY (programme_id, account) REFERENCES public.account(programme_id, kind);


--
-- Name: entry entry_transfer_fkey; Type: FK CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.entry
    ADD CONSTRAINT entry_transfer_fkey FOREIGN KEY (transfer_id) REFERENCES public.transfer(id);


--
-- Name: obligation obligation_application_fkey; Type: FK CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.obligation
    ADD CONSTRAINT obligation_application_fkey FOREIGN KEY (application_id) REFERENCES public.application(id);


--
-- Name: transfer transfer_application_fkey; Type: FK CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_application_fkey FOREIGN KEY (application_id) REFERENCES public.application(id);


--
-- Name: transfer transfer_programme_fkey; Type: FK CONSTRAINT; Schema: public; Owner: funding_owner
--

ALTER TABLE ONLY public.transfer
    ADD CONSTRAINT transfer_programme_fkey FOREIGN KEY (programme_id) REFERENCES public.programme(id);


--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: funding_owner
--

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO funding_runtime;


--
-- Name: TABLE account; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT ON TABLE public.account TO funding_runtime;


--
-- Name: TABLE application; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.application TO funding_runtime;


--
-- Name: TABLE entry; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT ON TABLE public.entry TO funding_runtime;


--
-- Name: TABLE programme; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT ON TABLE public.programme TO funding_runtime;


--
-- Name: TABLE transfer; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT ON TABLE public.transfer TO funding_runtime;


--
-- Name: TABLE application_money; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT ON TABLE public.application_money TO funding_runtime;


--
-- Name: TABLE audit; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT ON TABLE public.audit TO funding_runtime;


--
-- Name: TABLE audit_head; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.audit_head TO funding_runtime;


--
-- Name: TABLE audit_pending; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.audit_pending TO funding_runtime;


--
-- Name: TABLE audit_seal; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT ON TABLE public.audit_seal TO funding_runtime;


--
-- Name: SEQUENCE audit_seq_seq; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,USAGE ON SEQUENCE public.audit_seq_seq TO funding_runtime;


--
-- Name: TABLE inbox; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox TO funding_runtime;


--
-- Name: TABLE inbox_purged; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox_purged TO funding_runtime;


--
-- Name: TABLE migration; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT ON TABLE public.migration TO funding_runtime;


--
-- Name: TABLE moved; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT ON TABLE public.moved TO funding_runtime;


--
-- Name: TABLE movement; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT ON TABLE public.movement TO funding_runtime;


--
-- Name: TABLE obligation; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.obligation TO funding_runtime;


--
-- Name: TABLE outbox; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO funding_runtime;


--
-- Name: SEQUENCE outbox_seq_seq; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,USAGE ON SEQUENCE public.outbox_seq_seq TO funding_runtime;


--
-- Name: TABLE published; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.published TO funding_runtime;


--
-- Name: TABLE request; Type: ACL; Schema: public; Owner: funding_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.request TO funding_runtime;


--
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: -; Owner: funding_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE funding_owner GRANT SELECT,USAGE ON SEQUENCES  TO funding_runtime;


--
-- Name: DEFAULT PRIVILEGES FOR SCHEMAS; Type: DEFAULT ACL; Schema: -; Owner: funding_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE funding_owner GRANT USAGE ON SCHEMAS  TO funding_runtime;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: -; Owner: funding_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE funding_owner GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO funding_runtime;


--
-- PostgreSQL database dump complete
--

\unrestrict bRm1lrwWdOCefkkQ4d7v8YS0kDHiPeTUfUgULO5BKPYVFHi4s2tIJf7itQZuQzX

