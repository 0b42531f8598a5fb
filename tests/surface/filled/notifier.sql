--
-- PostgreSQL database dump
--

\restrict 2Adl7gqWMYHvUz5YU7H7xOi144bakkM3NUBKj2MXFD0rRz6bgf558M6BNqP8Ylt

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
-- Name: public; Type: SCHEMA; Schema: -; Owner: notifier_owner
--

-- *not* creating schema, since initdb creates it


ALTER SCHEMA public OWNER TO notifier_owner;

--
-- Name: append_only(); Type: FUNCTION; Schema: public; Owner: notifier_owner
--

CREATE FUNCTION public.append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception '% is append-only', tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;


ALTER FUNCTION public.append_only() OWNER TO notifier_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: attempt; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.attempt (
    delivery_id uuid NOT NULL,
    number integer NOT NULL,
    worker_id uuid NOT NULL,
    outcome text NOT NULL,
    code text NOT NULL,
    detail text NOT NULL,
    business_at timestamp with time zone NOT NULL,
    ended_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT attempt_outcome CHECK ((outcome = ANY (ARRAY['accepted'::text, 'refused'::text, 'deferred'::text, 'unknown'::text, 'withdrawn'::text])))
);


ALTER TABLE public.attempt OWNER TO notifier_owner;

--
-- Name: TABLE attempt; Type: COMMENT; Schema: public; Owner: notifier_owner
--

COMMENT ON TABLE public.attempt IS 'append-only';


--
-- Name: audit; Type: TABLE; Schema: public; Owner: notifier_owner
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


ALTER TABLE public.audit OWNER TO notifier_owner;

--
-- Name: TABLE audit; Type: COMMENT; Schema: public; Owner: notifier_owner
--

COMMENT ON TABLE public.audit IS 'append-only';


--
-- Name: audit_head; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.audit_head (
    only_row boolean DEFAULT true NOT NULL,
    number bigint NOT NULL,
    entries bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_head_is_one_row CHECK (only_row)
);


ALTER TABLE public.audit_head OWNER TO notifier_owner;

--
-- Name: audit_pending; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.audit_pending (
    seq bigint NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_cost_delay='0');


ALTER TABLE public.audit_pending OWNER TO notifier_owner;

--
-- Name: audit_seal; Type: TABLE; Schema: public; Owner: notifier_owner
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


ALTER TABLE public.audit_seal OWNER TO notifier_owner;

--
-- Name: TABLE audit_seal; Type: COMMENT; Schema: public; Owner: notifier_owner
--

COMMENT ON TABLE public.audit_seal IS 'append-only';


--
-- Name: audit_seq_seq; Type: SEQUENCE; Schema: public; Owner: notifier_owner
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
-- Name: decision; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.decision (
    id bigint NOT NULL,
    obligation_id uuid NOT NULL,
    occurrence_id uuid,
    at timestamp with time zone NOT NULL,
    body jsonb NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.decision OWNER TO notifier_owner;

--
-- Name: TABLE decision; Type: COMMENT; Schema: public; Owner: notifier_owner
--

COMMENT ON TABLE public.decision IS 'append-only';


--
-- Name: decision_id_seq; Type: SEQUENCE; Schema: public; Owner: notifier_owner
--

ALTER TABLE public.decision ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.decision_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: delivery; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.delivery (
    id uuid NOT NULL,
    occurrence_id uuid NOT NULL,
    obligation_id uuid NOT NULL,
    anchor_version bigint NOT NULL,
    organisation_id uuid NOT NULL,
    organisation_name text NOT NULL,
    channel text NOT NULL,
    address text DEFAULT ''::text NOT NULL,
    class text NOT NULL,
    bulk boolean NOT NULL,
    outlives_obligation boolean NOT NULL,
    party jsonb NOT NULL,
    state text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    generation integer DEFAULT 1 NOT NULL,
    lease uuid,
    leased_by uuid,
    attempts integer DEFAULT 0 NOT NULL,
    setbacks smallint DEFAULT 0 NOT NULL,
    sends integer DEFAULT 0 NOT NULL,
    resends integer DEFAULT 0 NOT NULL,
    asked_at timestamp with time zone NOT NULL,
    dated_at timestamp with time zone,
    useful_until timestamp with time zone NOT NULL,
    state_at timestamp with time zone NOT NULL,
    next_action_at timestamp with time zone,
    sent_at timestamp with time zone,
    provider_reference text DEFAULT ''::text NOT NULL,
    segments smallint DEFAULT 0 NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    held_until timestamp with time zone,
    parked boolean GENERATED ALWAYS AS ((state = 'PARKED'::text)) STORED NOT NULL,
    guarded_until timestamp with time zone,
    in_doubt boolean GENERATED ALWAYS AS (((resends > 0) OR (guarded_until IS NOT NULL))) STORED NOT NULL,
    doubt text DEFAULT ''::text NOT NULL,
    doubted_since timestamp with time zone,
    CONSTRAINT delivery_address_where_sent CHECK (((channel = 'none'::text) OR (address <> ''::text))),
    CONSTRAINT delivery_channel CHECK ((channel = ANY (ARRAY['none'::text, 'email'::text, 'sms'::text]))),
    CONSTRAINT delivery_class CHECK ((class = ANY (ARRAY['LEGAL_DEADLINE'::text, 'INVITATION'::text, 'CARE'::text, 'ADVERT'::text]))),
    CONSTRAINT delivery_dated_before_sent CHECK (((sends = 0) OR (dated_at IS NOT NULL))),
    CONSTRAINT delivery_doubt_since CHECK (((doubt = ''::text) = (doubted_since IS NULL))),
    CONSTRAINT delivery_guarded_was_sent CHECK (((guarded_until IS NULL) OR (sends > 0))),
    CONSTRAINT delivery_lease_while_in_hand CHECK ((((lease IS NOT NULL) AND (leased_by IS NOT NULL)) OR (state <> ALL (ARRAY['CLAIMED'::text, 'SENDING'::text])))),
    CONSTRAINT delivery_live_has_alarm CHECK (((next_action_at IS NOT NULL) = (state = ANY (ARRAY['QUEUED'::text, 'CLAIMED'::text, 'SENDING'::text, 'RETRY_WAIT'::text, 'UNKNOWN'::text])))),
    CONSTRAINT delivery_none_is_final CHECK (((channel <> 'none'::text) OR (state = ANY (ARRAY['SUPPRESSED'::text, 'SATISFIED'::text, 'SUPERSEDED'::text])))),
    CONSTRAINT delivery_state CHECK ((state = ANY (ARRAY['QUEUED'::text, 'CLAIMED'::text, 'SENDING'::text, 'RETRY_WAIT'::text, 'UNKNOWN'::text, 'PARKED'::text, 'SENT'::text, 'DELIVERED'::text, 'BOUNCED'::text, 'FAILED'::text, 'SUPPRESSED'::text, 'SUPERSEDED'::text, 'SATISFIED'::text, 'MISSED'::text])))
)
WITH (autovacuum_vacuum_scale_factor='0.05', fillfactor='45');


ALTER TABLE public.delivery OWNER TO notifier_owner;

--
-- Name: dwelling; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.dwelling (
    one boolean DEFAULT true NOT NULL,
    place text NOT NULL,
    written_by bigint,
    CONSTRAINT dwelling_one CHECK (one)
);


ALTER TABLE public.dwelling OWNER TO notifier_owner;

--
-- Name: hold; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.hold (
    id bigint NOT NULL,
    reason text NOT NULL,
    began_at timestamp with time zone DEFAULT now() NOT NULL,
    released_at timestamp with time zone,
    stopped_at timestamp with time zone,
    complete text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT hold_complete CHECK ((complete <@ ARRAY['email'::text, 'sms'::text])),
    CONSTRAINT hold_reason CHECK ((reason = 'restored'::text)),
    CONSTRAINT hold_released_whole CHECK (((released_at IS NULL) = (stopped_at IS NULL)))
);


ALTER TABLE public.hold OWNER TO notifier_owner;

--
-- Name: hold_accepted; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.hold_accepted (
    reference uuid NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL
);


ALTER TABLE public.hold_accepted OWNER TO notifier_owner;

--
-- Name: hold_id_seq; Type: SEQUENCE; Schema: public; Owner: notifier_owner
--

ALTER TABLE public.hold ALTER COLUMN id ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.hold_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: inbox; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    received_on date DEFAULT CURRENT_DATE NOT NULL
);


ALTER TABLE public.inbox OWNER TO notifier_owner;

--
-- Name: inbox_purged; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.inbox_purged (
    consumer text NOT NULL,
    messages bigint NOT NULL,
    CONSTRAINT inbox_purged_messages_positive CHECK ((messages > 0))
);


ALTER TABLE public.inbox_purged OWNER TO notifier_owner;

--
-- Name: migration; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.migration (
    series text NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    checksum bytea NOT NULL,
    breaks_before integer NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


ALTER TABLE public.migration OWNER TO notifier_owner;

--
-- Name: TABLE migration; Type: COMMENT; Schema: public; Owner: notifier_owner
--

COMMENT ON TABLE public.migration IS 'read-only';


--
-- Name: obligation; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.obligation (
    id uuid NOT NULL,
    name text NOT NULL,
    source text NOT NULL,
    kind text NOT NULL,
    class text NOT NULL,
    title text NOT NULL,
    anchor_version bigint NOT NULL,
    status text NOT NULL,
    fixed boolean NOT NULL,
    sequence bigint NOT NULL,
    body jsonb NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    calendar_sequence bigint DEFAULT 0 NOT NULL,
    CONSTRAINT obligation_anchor_version CHECK ((anchor_version >= 0)),
    CONSTRAINT obligation_calendar_sequence CHECK ((calendar_sequence >= 0)),
    CONSTRAINT obligation_class CHECK ((class = ANY (ARRAY['LEGAL_DEADLINE'::text, 'INVITATION'::text, 'CARE'::text, 'ADVERT'::text]))),
    CONSTRAINT obligation_status CHECK ((status = ANY (ARRAY['SCHEDULED'::text, 'POSTPONED'::text, 'SATISFIED'::text, 'CANCELLED'::text])))
)
WITH (fillfactor='80');


ALTER TABLE public.obligation OWNER TO notifier_owner;

--
-- Name: obligation_version; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.obligation_version (
    obligation_id uuid NOT NULL,
    anchor_version bigint NOT NULL,
    telling jsonb NOT NULL,
    told_at timestamp with time zone NOT NULL
);


ALTER TABLE public.obligation_version OWNER TO notifier_owner;

--
-- Name: occurrence; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.occurrence (
    id uuid NOT NULL,
    obligation_id uuid NOT NULL,
    anchor_version bigint NOT NULL,
    step text NOT NULL,
    repetition smallint NOT NULL,
    audience text NOT NULL,
    tells boolean NOT NULL,
    state text NOT NULL,
    reason text DEFAULT ''::text NOT NULL,
    nominal_at timestamp with time zone NOT NULL,
    due_at timestamp with time zone NOT NULL,
    useful_until timestamp with time zone NOT NULL,
    held boolean DEFAULT false NOT NULL,
    since timestamp with time zone,
    worst_hour boolean DEFAULT false NOT NULL,
    claim uuid,
    retry_at timestamp with time zone,
    attempts integer DEFAULT 0 NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT occurrence_audience CHECK ((audience = ANY (ARRAY['concerned'::text, 'lead'::text]))),
    CONSTRAINT occurrence_correction_since CHECK (((since IS NOT NULL) = (step = 'correction'::text))),
    CONSTRAINT occurrence_held_waits CHECK (((NOT held) OR (state = ANY (ARRAY['SCHEDULED'::text, 'SUPERSEDED'::text, 'SATISFIED'::text, 'MISSED'::text])))),
    CONSTRAINT occurrence_reasoned CHECK (((reason <> ''::text) OR (state = ANY (ARRAY['SCHEDULED'::text, 'FANNED_OUT'::text])))),
    CONSTRAINT occurrence_repetition CHECK ((repetition >= 0)),
    CONSTRAINT occurrence_state CHECK ((state = ANY (ARRAY['SCHEDULED'::text, 'FANNED_OUT'::text, 'SUPERSEDED'::text, 'SATISFIED'::text, 'MISSED'::text, 'SUPPRESSED'::text])))
)
WITH (fillfactor='80', autovacuum_vacuum_scale_factor='0.05');


ALTER TABLE public.occurrence OWNER TO notifier_owner;

--
-- Name: occurrence_letter; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.occurrence_letter (
    occurrence_id uuid NOT NULL,
    letter jsonb NOT NULL
);


ALTER TABLE public.occurrence_letter OWNER TO notifier_owner;

--
-- Name: outbox; Type: TABLE; Schema: public; Owner: notifier_owner
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


ALTER TABLE public.outbox OWNER TO notifier_owner;

--
-- Name: outbox_seq_seq; Type: SEQUENCE; Schema: public; Owner: notifier_owner
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
-- Name: parked_message; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.parked_message (
    id uuid NOT NULL,
    queue text NOT NULL,
    exchange text NOT NULL,
    routing_key text NOT NULL,
    message_id text NOT NULL,
    type text NOT NULL,
    headers jsonb NOT NULL,
    payload bytea NOT NULL,
    reason text NOT NULL,
    state text DEFAULT 'parked'::text NOT NULL,
    state_reason text DEFAULT ''::text NOT NULL,
    parked_at timestamp with time zone DEFAULT now() NOT NULL,
    decided_at timestamp with time zone,
    CONSTRAINT parked_message_state CHECK ((state = ANY (ARRAY['parked'::text, 'redriven'::text, 'discarded'::text])))
);


ALTER TABLE public.parked_message OWNER TO notifier_owner;

--
-- Name: published; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.published (
    stream text NOT NULL,
    messages bigint NOT NULL,
    CONSTRAINT published_messages_positive CHECK ((messages > 0))
);


ALTER TABLE public.published OWNER TO notifier_owner;

--
-- Name: receipt; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.receipt (
    id uuid NOT NULL,
    provider text NOT NULL,
    reference text NOT NULL,
    delivery_id uuid,
    status text NOT NULL,
    code text NOT NULL,
    applied boolean NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT receipt_status CHECK ((status = ANY (ARRAY['delivered'::text, 'failed'::text, 'rejected'::text, 'pending'::text])))
);


ALTER TABLE public.receipt OWNER TO notifier_owner;

--
-- Name: request; Type: TABLE; Schema: public; Owner: notifier_owner
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


ALTER TABLE public.request OWNER TO notifier_owner;

--
-- Name: secret; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.secret (
    name text NOT NULL,
    value bytea NOT NULL
);


ALTER TABLE public.secret OWNER TO notifier_owner;

--
-- Name: suppression; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.suppression (
    channel text NOT NULL,
    address text NOT NULL,
    reason text NOT NULL,
    delivery_id uuid NOT NULL,
    business_at timestamp with time zone NOT NULL,
    recorded_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT suppression_channel CHECK ((channel = ANY (ARRAY['email'::text, 'sms'::text])))
);


ALTER TABLE public.suppression OWNER TO notifier_owner;

--
-- Name: worker; Type: TABLE; Schema: public; Owner: notifier_owner
--

CREATE TABLE public.worker (
    id uuid NOT NULL,
    lock_key integer NOT NULL,
    started_at timestamp with time zone DEFAULT now() NOT NULL,
    buried_at timestamp with time zone
);


ALTER TABLE public.worker OWNER TO notifier_owner;

--
-- Name: worker_lock_key_seq; Type: SEQUENCE; Schema: public; Owner: notifier_owner
--

ALTER TABLE public.worker ALTER COLUMN lock_key ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.worker_lock_key_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Data for Name: attempt; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.attempt (delivery_id, number, worker_id, outcome, code, detail, business_at, ended_at) FROM stdin;
018df7bd-6100-78b2-a8ea-8e8ace171f5f	1	01a22dfc-f21e-7444-a992-60b214072e2b	refused	550 5.1.1	No mail for this recipient	2024-03-01 02:00:00+00	2026-11-30 19:44:44.099804+00
018df7bd-6100-7a82-970d-eea3a8949931	1	01a22dfc-f21e-7444-a992-60b214072e2b	accepted			2024-03-01 02:00:00+00	2026-11-30 19:44:44.15162+00
018df7bd-6100-783e-9fca-2929ea0cd1e3	1	01a22dfc-f21e-7444-a992-60b214072e2b	accepted			2024-03-01 02:00:00+00	2026-11-30 19:44:44.163711+00
018df7bd-6100-7f5e-8afb-6da7b930661e	1	01a22dfc-f21e-7444-a992-60b214072e2b	accepted			2024-03-01 02:00:00+00	2026-11-30 19:44:44.163711+00
\.


--
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.audit (seq, recorded_at, subject, organisation, method, resource, request_id, request_hash) FROM stdin;
\.


--
-- Data for Name: audit_head; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.audit_head (only_row, number, entries, hash) FROM stdin;
\.


--
-- Data for Name: audit_pending; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.audit_pending (seq) FROM stdin;
\.


--
-- Data for Name: audit_seal; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.audit_seal (number, seqs, leaves, previous, hash, sealed_at) FROM stdin;
\.


--
-- Data for Name: decision; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.decision (id, obligation_id, occurrence_id, at, body, recorded_at) FROM stdin;
1	01a22dfc-f98b-763b-83a9-2d5cc0d544cb	\N	2024-03-01 02:00:00+00	{"kind": "fact", "status": "SCHEDULED", "repaired": false, "sequence": 1, "overruled": false, "anchor_version": 1}	2026-11-30 19:44:43.401595+00
2	01a22dfc-f98b-763b-83a9-2d5cc0d544cb	01a22dfc-f9b3-77a0-b717-5bc1ff1407ed	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "t-3", "due_at": "2024-03-07T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.401595+00
3	01a22dfc-f98b-763b-83a9-2d5cc0d544cb	01a22dfc-f9b3-77a0-b717-5bc2a08a1335	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "t-1", "due_at": "2024-03-11T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.401595+00
4	01a22dfc-f98b-763b-83a9-2d5cc0d544cb	01a22dfc-f9b3-77a0-b717-5bc317b73c42	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "late-1", "due_at": "2024-03-13T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.401595+00
5	01a22dfc-f98b-763b-83a9-2d5cc0d544cb	\N	2024-03-01 02:00:00+00	{"kind": "fact", "status": "SATISFIED", "repaired": false, "sequence": 2, "overruled": false, "anchor_version": 1}	2026-11-30 19:44:43.498807+00
6	01a22dfc-f98b-763b-83a9-2d5cc0d544cb	01a22dfc-f9b3-77a0-b717-5bc1ff1407ed	2024-03-01 02:00:00+00	{"kind": "ended", "step": "t-3", "state": "SATISFIED", "reason": "done", "repetition": 0}	2026-11-30 19:44:43.498807+00
7	01a22dfc-f98b-763b-83a9-2d5cc0d544cb	01a22dfc-f9b3-77a0-b717-5bc2a08a1335	2024-03-01 02:00:00+00	{"kind": "ended", "step": "t-1", "state": "SATISFIED", "reason": "done", "repetition": 0}	2026-11-30 19:44:43.498807+00
8	01a22dfc-f98b-763b-83a9-2d5cc0d544cb	01a22dfc-f9b3-77a0-b717-5bc317b73c42	2024-03-01 02:00:00+00	{"kind": "ended", "step": "late-1", "state": "SATISFIED", "reason": "done", "repetition": 0}	2026-11-30 19:44:43.498807+00
9	01a22dfc-fa5a-7574-899a-e5f7e5260260	\N	2024-03-01 02:00:00+00	{"kind": "fact", "status": "SCHEDULED", "repaired": false, "sequence": 1, "overruled": false, "anchor_version": 1}	2026-11-30 19:44:43.590671+00
10	01a22dfc-fa5a-7574-899a-e5f894fb75a6	\N	2024-03-01 02:00:00+00	{"kind": "fact", "status": "SATISFIED", "repaired": false, "sequence": 2, "overruled": false, "anchor_version": 1}	2026-11-30 19:44:43.590671+00
11	01a22dfc-fa5a-7574-899a-e5f7e5260260	01a22dfc-fa70-709a-a17b-949339ca0859	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "t-3", "due_at": "2024-03-15T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.590671+00
12	01a22dfc-fa5a-7574-899a-e5f7e5260260	01a22dfc-fa70-709a-a17b-9494b8d61287	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "t-1", "due_at": "2024-03-19T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.590671+00
13	01a22dfc-fa5a-7574-899a-e5f7e5260260	01a22dfc-fa70-709a-a17b-9495bbaccae6	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "late-1", "due_at": "2024-03-21T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.590671+00
14	01a22dfc-fa5a-7574-899a-e5f894fb75a6	\N	2024-03-01 02:00:00+00	{"kind": "nothing_planned", "reason": "not_standing"}	2026-11-30 19:44:43.590671+00
15	01a22dfc-fa86-750c-b680-6eca284594f8	\N	2024-03-01 02:00:00+00	{"kind": "fact", "status": "SCHEDULED", "repaired": false, "sequence": 1, "overruled": false, "anchor_version": 1}	2026-11-30 19:44:43.653191+00
16	01a22dfc-fa86-750c-b680-6eca284594f8	01a22dfc-fa8c-7474-bd61-515cc179ebff	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "issue", "due_at": "2024-03-01T02:00:00Z", "repetition": 0}	2026-11-30 19:44:43.653191+00
17	01a22dfc-fa86-750c-b680-6eca284594f8	01a22dfc-fa8c-7474-bd61-515d69c4706d	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "t-3", "due_at": "2024-03-19T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.653191+00
18	01a22dfc-fa86-750c-b680-6eca284594f8	01a22dfc-fa8c-7474-bd61-515ef15df912	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "t-1", "due_at": "2024-03-21T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.653191+00
19	01a22dfc-fa86-750c-b680-6eca284594f8	01a22dfc-fa8c-7474-bd61-515f491adfdf	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "h-2", "due_at": "2024-03-22T00:00:00Z", "repetition": 0}	2026-11-30 19:44:43.653191+00
20	01a22dfc-fb04-714a-9954-0077f225c540	\N	2024-03-01 02:00:00+00	{"kind": "fact", "status": "SCHEDULED", "repaired": false, "sequence": 1, "overruled": false, "anchor_version": 1}	2026-11-30 19:44:43.771955+00
21	01a22dfc-fb04-714a-9954-0077f225c540	01a22dfc-fb07-74b1-82f5-fe2b8cbfaa25	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "t-7", "due_at": "2024-03-18T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.771955+00
22	01a22dfc-fb04-714a-9954-0077f225c540	01a22dfc-fb07-74b1-82f5-fe2c26a0648e	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "t-3", "due_at": "2024-03-20T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.771955+00
23	01a22dfc-fb04-714a-9954-0077f225c540	01a22dfc-fb07-74b1-82f5-fe2d191fbde6	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "t-1", "due_at": "2024-03-22T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.771955+00
24	01a22dfc-fb04-714a-9954-0077f225c540	01a22dfc-fb07-74b1-82f5-fe2e8349ec04	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "late-1", "due_at": "2024-03-26T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.771955+00
25	01a22dfc-fb04-714a-9954-0077f225c540	01a22dfc-fb07-74b1-82f5-fe2f9e7810ba	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "late-3", "due_at": "2024-03-28T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.771955+00
26	01a22dfc-fb04-714a-9954-0077f225c540	01a22dfc-fb07-74b1-82f5-fe30af22cd17	2024-03-01 02:00:00+00	{"kind": "scheduled", "step": "late-5", "due_at": "2024-04-01T01:00:00Z", "repetition": 0}	2026-11-30 19:44:43.771955+00
27	01a22dfc-fa86-750c-b680-6eca284594f8	01a22dfc-fa8c-7474-bd61-515cc179ebff	2024-03-01 02:00:00+00	{"kind": "fanned_out", "step": "issue", "parties": 6, "messages": 4, "repetition": 0}	2026-11-30 19:44:43.886847+00
\.


--
-- Data for Name: delivery; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.delivery (id, occurrence_id, obligation_id, anchor_version, organisation_id, organisation_name, channel, address, class, bulk, outlives_obligation, party, state, reason, generation, lease, leased_by, attempts, setbacks, sends, resends, asked_at, dated_at, useful_until, state_at, next_action_at, sent_at, provider_reference, segments, recorded_at, held_until, guarded_until, doubt, doubted_since) FROM stdin;
018df7bd-6100-71d9-a6b2-fea5eb58c87f	01a22dfc-fa8c-7474-bd61-515cc179ebff	01a22dfc-fa86-750c-b680-6eca284594f8	1	01a22dfc-f803-76b5-b117-7e0f0d1e4198	Hợp tác xã Nông nghiệp Cao Nguyên	none		INVITATION	f	f	{"greeted": [], "language": "vi", "reply_url": "http://127.0.0.1:20671/r/AQGiLfz6NHZ_rbMlL61ZXII9os-7EYdocRBPF5_jyJGA", "answer_code": "272889"}	SUPPRESSED	no_address	1	\N	\N	0	0	0	0	2024-03-01 02:00:00+00	\N	2024-03-22 01:00:00+00	2024-03-01 02:00:00+00	\N	\N		0	2026-11-30 19:44:43.886847+00	\N	\N		\N
018df7bd-6100-7d6a-a7e6-83130eed64bf	01a22dfc-fa8c-7474-bd61-515cc179ebff	01a22dfc-fa86-750c-b680-6eca284594f8	1	01a22dfc-f803-76b5-b117-7e13843263b1	Hợp tác xã Nông nghiệp Hoa Lư	none		INVITATION	f	f	{"greeted": [], "language": "vi", "reply_url": "http://127.0.0.1:20671/r/AQGiLfz6NHZ_rbMlMRE0nTT_zjqmvADDfah9y8SUeO_e", "answer_code": "605915"}	SUPPRESSED	no_address	1	\N	\N	0	0	0	0	2024-03-01 02:00:00+00	\N	2024-03-22 01:00:00+00	2024-03-01 02:00:00+00	\N	\N		0	2026-11-30 19:44:43.886847+00	\N	\N		\N
018df7bd-6100-78b2-a8ea-8e8ace171f5f	01a22dfc-fa8c-7474-bd61-515cc179ebff	01a22dfc-fa86-750c-b680-6eca284594f8	1	01a22dfc-f803-76b5-b117-7e11e3e3623e	Hợp tác xã Nông nghiệp Đồng Tâm	email	dongtam@example.com	INVITATION	f	f	{"greeted": ["Hợp tác xã Nông nghiệp Đồng Tâm"], "language": "vi", "reply_url": "http://127.0.0.1:20671/r/AQGiLfz6NHZ_rbMlMI7SyrfzwYTwmkg5k1t1d13FvPuS", "answer_code": "557396"}	FAILED	550 5.1.1	1	01a22dfc-fbc4-7738-9d7b-bd02dc64cea5	01a22dfc-f21e-7444-a992-60b214072e2b	1	0	0	0	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	2024-03-22 01:00:00+00	2024-03-01 02:00:00+00	\N	\N		0	2026-11-30 19:44:43.886847+00	2026-11-30 19:49:43.980331+00	\N		\N
018df7bd-6100-7a82-970d-eea3a8949931	01a22dfc-fa8c-7474-bd61-515cc179ebff	01a22dfc-fa86-750c-b680-6eca284594f8	1	01a22dfc-f803-76b5-b117-7e0beb61eb5a	Hợp tác xã Nông nghiệp An Bình	email	anbinh@example.com	INVITATION	f	f	{"greeted": ["Hợp tác xã Nông nghiệp An Bình"], "language": "vi", "reply_url": "http://127.0.0.1:20671/r/AQGiLfz6NHZ_rbMlLaKxnePkULdxJrUtCGCvWcD6cQR6", "answer_code": "173610"}	SENT		1	01a22dfc-fba7-7168-b74d-07d9a52a9a73	01a22dfc-f21e-7444-a992-60b214072e2b	1	0	1	0	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	2024-03-22 01:00:00+00	2024-03-01 02:00:00+00	\N	2026-11-30 19:44:44.063825+00	2.0.0 Ok: queued as 1	0	2026-11-30 19:44:43.886847+00	2026-11-30 19:56:44.063825+00	\N		\N
018df7bd-6100-783e-9fca-2929ea0cd1e3	01a22dfc-fa8c-7474-bd61-515cc179ebff	01a22dfc-fa86-750c-b680-6eca284594f8	1	01a22dfc-f803-76b5-b117-7e150620dacb	Hợp tác xã Nông nghiệp Sơn Hà	sms	+84590000021	INVITATION	f	f	{"greeted": ["Hợp tác xã Nông nghiệp Sơn Hà"], "language": "vi", "reply_url": "http://127.0.0.1:20671/r/AQGiLfz6NHZ_rbMlMqt9PwcwHKnGQPFfyatwu25XZ71X", "answer_code": "619053"}	BOUNCED	failed 5	1	01a22dfc-fbc1-7223-82ed-6cdbc06fc662	01a22dfc-f21e-7444-a992-60b214072e2b	1	0	1	0	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	2024-03-22 01:00:00+00	2024-03-01 02:00:00+00	\N	2026-11-30 19:44:44.063825+00	01a22dfc-fc33-73c9-ad07-d97ed0496954	1	2026-11-30 19:44:43.886847+00	2026-11-30 19:56:44.063825+00	\N		\N
018df7bd-6100-7f5e-8afb-6da7b930661e	01a22dfc-fa8c-7474-bd61-515cc179ebff	01a22dfc-fa86-750c-b680-6eca284594f8	1	01a22dfc-f803-76b5-b117-7e0dc4bd87e5	Hợp tác xã Nông nghiệp Bình Minh	sms	+84590000002	INVITATION	f	f	{"greeted": ["Hợp tác xã Nông nghiệp Bình Minh"], "language": "vi", "reply_url": "http://127.0.0.1:20671/r/AQGiLfz6NHZ_rbMlLsu2Sx3E3F-TXRDwYoFel4IQLVBw", "answer_code": "214257"}	DELIVERED		1	01a22dfc-fbc1-7223-82ed-6cdbc06fc662	01a22dfc-f21e-7444-a992-60b214072e2b	1	0	1	0	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	2024-03-22 01:00:00+00	2024-03-01 02:00:00+00	\N	2026-11-30 19:44:44.032046+00	01a22dfc-fc31-70e3-b185-435c7b7f5304	1	2026-11-30 19:44:43.886847+00	2026-11-30 19:56:44.032046+00	\N		\N
\.


--
-- Data for Name: dwelling; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.dwelling (one, place, written_by) FROM stdin;
t	7714051576314486100/00000001/16397	797
\.


--
-- Data for Name: hold; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.hold (id, reason, began_at, released_at, stopped_at, complete) FROM stdin;
\.


--
-- Data for Name: hold_accepted; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.hold_accepted (reference, recorded_at) FROM stdin;
\.


--
-- Data for Name: inbox; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.inbox (consumer, message_id, received_on) FROM stdin;
facts:obligation	01a22dfc-f956-778d-91de-8a5d7743220d	2026-11-30
facts:obligation	01a22dfc-f98c-7279-8221-0d80912c3140	2026-11-30
facts:obligation	01a22dfc-f98c-7279-8221-0d8184bb366f	2026-11-30
facts:obligation	01a22dfc-f9f0-7496-9e00-bbcaf2d24ba7	2026-11-30
facts:obligation	01a22dfc-f9f0-7496-9e00-bbcbb93180fd	2026-11-30
facts:obligation	01a22dfc-fa72-70f7-b254-c5357e746cb3	2026-11-30
facts:obligation	01a22dfc-fa8b-73e8-bb2f-877de4fbcf52	2026-11-30
receipts	01a22dfc-fc66-7031-8884-4922b47cc8a2	2026-11-30
receipts	01a22dfc-fc67-715f-a593-c8378c1147cc	2026-11-30
\.


--
-- Data for Name: inbox_purged; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.inbox_purged (consumer, messages) FROM stdin;
\.


--
-- Data for Name: migration; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.migration (series, version, name, checksum, breaks_before, applied_at) FROM stdin;
kit	1	outbox	\\x2f06ad196f43339a64d4e9bde588700183e64571f3d85a3413dcb6b16f5a8046	0	2026-11-30 19:44:39.886346+00
kit	2	request	\\x0356cf87b2cb7825661dfa253f3b1639f0146150862e0b141d4fdb51a199ca17	0	2026-11-30 19:44:39.910999+00
kit	3	audit	\\x5ec7e3a3f44e13c39d194915ea8e7d09a7fcb5a1438a79d06523f494bd60613e	0	2026-11-30 19:44:39.988811+00
kit	4	request_organisation	\\x63a6fa343a1ad65acd1184dbc02f1281db0ed36a830e49b90440cd783154a65c	0	2026-11-30 19:44:40.006291+00
service	1	obligation	\\x03ccce37de1fd279d59158af74c623c6b57ca92f8241da822c4857e381d0fe92	0	2026-11-30 19:44:40.086236+00
service	2	occurrence	\\x77cf9a617eeef73c121ab4dcdd7344eac3c6adcffd91ba8bf268b150c0792a22	0	2026-11-30 19:44:40.13478+00
service	3	delivery	\\x37c34abbe9f671bdc7de41278c908733de22f1bb8e4e08b2c9a5001399368099	0	2026-11-30 19:44:40.174213+00
service	4	attempt	\\x10bb86a04c9f19fbe424d32bd2cbb2ffd5894c6afafab15b9cfafd961ea43a7f	0	2026-11-30 19:44:40.204477+00
service	5	leased_by	\\x126b0983c8bbeef36a1b8afb5c398c2cc2472c5ea617356cb94c95b9a4013597	0	2026-11-30 19:44:40.20533+00
service	6	hot	\\xf2bcde22c77a09fba061c630f4ce2a137124c6abc2bfb04f3a5703a97182d4a4	0	2026-11-30 19:44:40.226821+00
service	7	guarded	\\x6c961c29f892a0d89d7bfe5033c37392c1de1165bc8044a7e663249877b547d2	0	2026-11-30 19:44:40.26833+00
service	8	policy	\\x7120973a6b6486b634475988f52fe6e0aa30c2a5227f12bade5fca147d3b29b2	0	2026-11-30 19:44:40.276516+00
service	9	hold	\\xc10ee2aa1c65e94b1186f5661667168b0e1a204aa1987ecede99bb5ad58a2dc0	0	2026-11-30 19:44:40.304346+00
service	10	calendar_sequence	\\xa8bf1b824c783adb2c2bbbedfea0eb10bde34c6b54af37be50f4ffe09e3029bf	0	2026-11-30 19:44:40.306834+00
service	11	written_by	\\x7e38bad93f0a9692ab3682eb82581e74f4067e6cc6bfbb4e66ef4e02a94c90b4	0	2026-11-30 19:44:40.307377+00
\.


--
-- Data for Name: obligation; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.obligation (id, name, source, kind, class, title, anchor_version, status, fixed, sequence, body, updated_at, recorded_at, calendar_sequence) FROM stdin;
01a22dfc-f98b-763b-83a9-2d5cc0d544cb	funding/obligations/funding_step-01a22dfc-f953-7356-a229-914e98f8bbba	funding	funding_step	CARE	Thẩm định hồ sơ: Mua máy sấy	1	SATISFIED	t	2	{"kind": "funding_step", "name": "funding/obligations/funding_step-01a22dfc-f953-7356-a229-914e98f8bbba", "class": "care", "links": [], "place": {"hint": "", "text": "", "online_uri": ""}, "title": "Thẩm định hồ sơ: Mua máy sấy", "anchor": {"date": "2024-03-12", "kind": "day", "bound": "through"}, "source": "funding", "status": "satisfied", "subject": "applications/01a22dfc-f943-7112-8574-07b0af13965c", "document": null, "reply_by": null, "sequence": 2, "lead_unit": "organisations/01a22dfc-f803-76b5-b117-7e09c2f3997b", "organiser": "organisations/01a22dfc-f803-76b5-b117-7e07e1c9b96c", "attributes": {"step": "thẩm định", "purpose": "Mua máy sấy", "applicant": "organisations/01a22dfc-f803-76b5-b117-7e0beb61eb5a", "programme": "Hỗ trợ máy móc năm 2024"}, "updated_at": "2024-03-01T02:00:00Z", "useful_until": null, "anchor_version": 1}	2024-03-01 02:00:00+00	2026-11-30 19:44:43.498807+00	1
01a22dfc-fa5a-7574-899a-e5f7e5260260	funding/obligations/disbursement-01a22dfc-f9e8-723f-997f-ede4a6b00b48	funding	disbursement	CARE	Mua máy sấy	1	SCHEDULED	t	1	{"kind": "disbursement", "name": "funding/obligations/disbursement-01a22dfc-f9e8-723f-997f-ede4a6b00b48", "class": "care", "links": [], "place": {"hint": "", "text": "", "online_uri": ""}, "title": "Mua máy sấy", "anchor": {"date": "2024-03-20", "kind": "day", "bound": "through"}, "source": "funding", "status": "scheduled", "subject": "applications/01a22dfc-f943-7112-8574-07b0af13965c", "document": null, "reply_by": null, "sequence": 1, "lead_unit": "organisations/01a22dfc-f803-76b5-b117-7e09c2f3997b", "organiser": "organisations/01a22dfc-f803-76b5-b117-7e07e1c9b96c", "attributes": {"purpose": "Mua máy sấy", "decision": "15/QĐ-LMHTX", "applicant": "organisations/01a22dfc-f803-76b5-b117-7e0beb61eb5a", "programme": "Hỗ trợ máy móc năm 2024"}, "updated_at": "2024-03-01T02:00:00Z", "useful_until": null, "anchor_version": 1}	2024-03-01 02:00:00+00	2026-11-30 19:44:43.590671+00	1
01a22dfc-fa5a-7574-899a-e5f894fb75a6	funding/obligations/funding_step-01a22dfc-f989-7202-a445-9d7b066ca0bb	funding	funding_step	CARE	Quyết định hồ sơ: Mua máy sấy	1	SATISFIED	t	2	{"kind": "funding_step", "name": "funding/obligations/funding_step-01a22dfc-f989-7202-a445-9d7b066ca0bb", "class": "care", "links": [], "place": {"hint": "", "text": "", "online_uri": ""}, "title": "Quyết định hồ sơ: Mua máy sấy", "anchor": {"date": "2024-03-12", "kind": "day", "bound": "through"}, "source": "funding", "status": "satisfied", "subject": "applications/01a22dfc-f943-7112-8574-07b0af13965c", "document": null, "reply_by": null, "sequence": 2, "lead_unit": "organisations/01a22dfc-f803-76b5-b117-7e09c2f3997b", "organiser": "organisations/01a22dfc-f803-76b5-b117-7e07e1c9b96c", "attributes": {"step": "quyết định", "purpose": "Mua máy sấy", "applicant": "organisations/01a22dfc-f803-76b5-b117-7e0beb61eb5a", "programme": "Hỗ trợ máy móc năm 2024"}, "updated_at": "2024-03-01T02:00:00Z", "useful_until": null, "anchor_version": 1}	2024-03-01 02:00:00+00	2026-11-30 19:44:43.590671+00	1
01a22dfc-fa86-750c-b680-6eca284594f8	events/obligations/event-01a22dfc-fa1a-7791-ab39-99662a1300f8	events	seminar	INVITATION	Hội thảo	1	SCHEDULED	t	1	{"kind": "seminar", "name": "events/obligations/event-01a22dfc-fa1a-7791-ab39-99662a1300f8", "class": "invitation", "links": [], "place": {"hint": "", "text": "Hội trường UBND tỉnh", "online_uri": ""}, "title": "Hội thảo", "anchor": {"end": "2024-03-22T03:00:00Z", "kind": "instant", "start": "2024-03-22T01:00:00Z"}, "source": "events", "status": "scheduled", "subject": "events/01a22dfc-fa1a-7791-ab39-99662a1300f8", "document": null, "reply_by": null, "sequence": 1, "lead_unit": "organisations/01a22dfc-f803-76b5-b117-7e09c2f3997b", "organiser": "organisations/01a22dfc-f803-76b5-b117-7e07e1c9b96c", "attributes": {"status": "đã thông báo", "reply_page_base": "http://127.0.0.1:20671/r/"}, "updated_at": "2024-03-01T02:00:00Z", "useful_until": null, "anchor_version": 1}	2024-03-01 02:00:00+00	2026-11-30 19:44:43.653191+00	1
01a22dfc-fb04-714a-9954-0077f225c540	events/obligations/deadline-01a22dfc-fa7c-73b3-a542-ef4889b7382d	events	report	LEGAL_DEADLINE	Báo cáo quý I	1	SCHEDULED	t	1	{"kind": "report", "name": "events/obligations/deadline-01a22dfc-fa7c-73b3-a542-ef4889b7382d", "class": "legal_deadline", "links": [], "place": {"hint": "", "text": "", "online_uri": ""}, "title": "Báo cáo quý I", "anchor": {"date": "2024-03-25", "kind": "day", "bound": "through"}, "source": "events", "status": "scheduled", "subject": "deadlines/01a22dfc-fa7c-73b3-a542-ef4889b7382d", "document": null, "reply_by": null, "sequence": 1, "lead_unit": "organisations/01a22dfc-f803-76b5-b117-7e09c2f3997b", "organiser": "organisations/01a22dfc-f803-76b5-b117-7e07e1c9b96c", "attributes": {"status": "đang thực hiện", "contents": "Kết quả thực hiện", "submit_to": "Văn phòng Liên minh", "reply_page_base": "http://127.0.0.1:20671/r/"}, "updated_at": "2024-03-01T02:00:00Z", "useful_until": null, "anchor_version": 1}	2024-03-01 02:00:00+00	2026-11-30 19:44:43.771955+00	1
\.


--
-- Data for Name: obligation_version; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.obligation_version (obligation_id, anchor_version, telling, told_at) FROM stdin;
01a22dfc-f98b-763b-83a9-2d5cc0d544cb	1	{"place": {"hint": "", "text": "", "online_uri": ""}, "anchor": {"date": "2024-03-12", "kind": "day", "bound": "through"}, "status": "scheduled"}	2024-03-01 02:00:00+00
01a22dfc-fa5a-7574-899a-e5f7e5260260	1	{"place": {"hint": "", "text": "", "online_uri": ""}, "anchor": {"date": "2024-03-20", "kind": "day", "bound": "through"}, "status": "scheduled"}	2024-03-01 02:00:00+00
01a22dfc-fa5a-7574-899a-e5f894fb75a6	1	{"place": {"hint": "", "text": "", "online_uri": ""}, "anchor": {"date": "2024-03-12", "kind": "day", "bound": "through"}, "status": "satisfied"}	2024-03-01 02:00:00+00
01a22dfc-fa86-750c-b680-6eca284594f8	1	{"place": {"hint": "", "text": "Hội trường UBND tỉnh", "online_uri": ""}, "anchor": {"end": "2024-03-22T03:00:00Z", "kind": "instant", "start": "2024-03-22T01:00:00Z"}, "status": "scheduled"}	2024-03-01 02:00:00+00
01a22dfc-fb04-714a-9954-0077f225c540	1	{"place": {"hint": "", "text": "", "online_uri": ""}, "anchor": {"date": "2024-03-25", "kind": "day", "bound": "through"}, "status": "scheduled"}	2024-03-01 02:00:00+00
\.


--
-- Data for Name: occurrence; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.occurrence (id, obligation_id, anchor_version, step, repetition, audience, tells, state, reason, nominal_at, due_at, useful_until, held, since, worst_hour, claim, retry_at, attempts, recorded_at) FROM stdin;
01a22dfc-f9b3-77a0-b717-5bc1ff1407ed	01a22dfc-f98b-763b-83a9-2d5cc0d544cb	1	t-3	0	lead	t	SATISFIED	done	2024-03-07 01:00:00+00	2024-03-07 01:00:00+00	2024-03-12 17:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.401595+00
01a22dfc-f9b3-77a0-b717-5bc2a08a1335	01a22dfc-f98b-763b-83a9-2d5cc0d544cb	1	t-1	0	lead	t	SATISFIED	done	2024-03-11 01:00:00+00	2024-03-11 01:00:00+00	2024-03-12 17:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.401595+00
01a22dfc-f9b3-77a0-b717-5bc317b73c42	01a22dfc-f98b-763b-83a9-2d5cc0d544cb	1	late-1	0	lead	t	SATISFIED	done	2024-03-13 01:00:00+00	2024-03-13 01:00:00+00	2024-03-20 01:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.401595+00
01a22dfc-fa70-709a-a17b-949339ca0859	01a22dfc-fa5a-7574-899a-e5f7e5260260	1	t-3	0	concerned	t	SCHEDULED		2024-03-15 01:00:00+00	2024-03-15 01:00:00+00	2024-03-20 17:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.590671+00
01a22dfc-fa70-709a-a17b-9494b8d61287	01a22dfc-fa5a-7574-899a-e5f7e5260260	1	t-1	0	concerned	t	SCHEDULED		2024-03-19 01:00:00+00	2024-03-19 01:00:00+00	2024-03-20 17:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.590671+00
01a22dfc-fa70-709a-a17b-9495bbaccae6	01a22dfc-fa5a-7574-899a-e5f7e5260260	1	late-1	0	concerned	t	SCHEDULED		2024-03-21 01:00:00+00	2024-03-21 01:00:00+00	2024-03-28 01:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.590671+00
01a22dfc-fa8c-7474-bd61-515d69c4706d	01a22dfc-fa86-750c-b680-6eca284594f8	1	t-3	0	concerned	t	SCHEDULED		2024-03-19 01:00:00+00	2024-03-19 01:00:00+00	2024-03-22 01:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.653191+00
01a22dfc-fa8c-7474-bd61-515ef15df912	01a22dfc-fa86-750c-b680-6eca284594f8	1	t-1	0	concerned	t	SCHEDULED		2024-03-21 01:00:00+00	2024-03-21 01:00:00+00	2024-03-22 01:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.653191+00
01a22dfc-fa8c-7474-bd61-515f491adfdf	01a22dfc-fa86-750c-b680-6eca284594f8	1	h-2	0	concerned	t	SCHEDULED		2024-03-22 00:00:00+00	2024-03-22 00:00:00+00	2024-03-22 01:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.653191+00
01a22dfc-fb07-74b1-82f5-fe2b8cbfaa25	01a22dfc-fb04-714a-9954-0077f225c540	1	t-7	0	concerned	t	SCHEDULED		2024-03-18 01:00:00+00	2024-03-18 01:00:00+00	2024-03-25 17:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.771955+00
01a22dfc-fb07-74b1-82f5-fe2c26a0648e	01a22dfc-fb04-714a-9954-0077f225c540	1	t-3	0	concerned	t	SCHEDULED		2024-03-20 01:00:00+00	2024-03-20 01:00:00+00	2024-03-25 17:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.771955+00
01a22dfc-fb07-74b1-82f5-fe2d191fbde6	01a22dfc-fb04-714a-9954-0077f225c540	1	t-1	0	concerned	t	SCHEDULED		2024-03-22 01:00:00+00	2024-03-22 01:00:00+00	2024-03-25 17:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.771955+00
01a22dfc-fb07-74b1-82f5-fe2e8349ec04	01a22dfc-fb04-714a-9954-0077f225c540	1	late-1	0	concerned	t	SCHEDULED		2024-03-26 01:00:00+00	2024-03-26 01:00:00+00	2024-03-28 01:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.771955+00
01a22dfc-fb07-74b1-82f5-fe2f9e7810ba	01a22dfc-fb04-714a-9954-0077f225c540	1	late-3	0	concerned	t	SCHEDULED		2024-03-28 01:00:00+00	2024-03-28 01:00:00+00	2024-04-01 01:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.771955+00
01a22dfc-fb07-74b1-82f5-fe30af22cd17	01a22dfc-fb04-714a-9954-0077f225c540	1	late-5	0	concerned	t	SCHEDULED		2024-04-01 01:00:00+00	2024-04-01 01:00:00+00	2024-04-08 01:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.771955+00
01a22dfc-fa8c-7474-bd61-515cc179ebff	01a22dfc-fa86-750c-b680-6eca284594f8	1	issue	0	concerned	t	FANNED_OUT		2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	2024-03-22 01:00:00+00	f	\N	f	\N	\N	0	2026-11-30 19:44:43.653191+00
\.


--
-- Data for Name: occurrence_letter; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.occurrence_letter (occurrence_id, letter) FROM stdin;
01a22dfc-fa8c-7474-bd61-515cc179ebff	{"uid": "events.obligations.event-01a22dfc-fa1a-7791-ab39-99662a1300f8@lienminh.example", "kind": "invitation", "place": {"hint": "", "text": "Hội trường UBND tỉnh", "online_uri": ""}, "title": "Hội thảo", "anchor": {"end": "2024-03-22T03:00:00Z", "kind": "instant", "start": "2024-03-22T01:00:00Z"}, "matter": "seminar", "status": "scheduled", "is_event": true, "lead_unit": {"name": "Phòng Kế hoạch Hỗ trợ", "mailbox": "khht@lienminh.example", "landline": "0261 3000 012", "short_name": "Phòng Kế hoạch Hỗ trợ"}, "organiser": {"name": "Liên minh Hợp tác xã tỉnh Đắk Nông", "mailbox": "vanphong@lienminh.example", "landline": "0261 3000 001", "short_name": "LMHTX tỉnh Đắk Nông"}, "attributes": {"status": "đã thông báo", "reply_page_base": "http://127.0.0.1:20671/r/"}, "ics_sequence": 1, "rule_version": 1, "template_version": 3}
\.


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.outbox (seq, id, exchange, routing_key, stream, mandatory, type, aggregate, aggregate_sequence, occurred_at, traceparent, payload, recorded_at, attempts, retry_at, last_error) FROM stdin;
\.


--
-- Data for Name: parked_message; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.parked_message (id, queue, exchange, routing_key, message_id, type, headers, payload, reason, state, state_reason, parked_at, decided_at) FROM stdin;
\.


--
-- Data for Name: published; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.published (stream, messages) FROM stdin;
deliveries	4
receipts	2
\.


--
-- Data for Name: receipt; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.receipt (id, provider, reference, delivery_id, status, code, applied, recorded_at) FROM stdin;
01a22dfc-fc66-7031-8884-4922b47cc8a2	esms	018df7bd-6100-783e-9fca-2929ea0cd1e3	018df7bd-6100-783e-9fca-2929ea0cd1e3	failed	5	t	2026-11-30 19:44:44.310579+00
01a22dfc-fc67-715f-a593-c8378c1147cc	esms	018df7bd-6100-7f5e-8afb-6da7b930661e	018df7bd-6100-7f5e-8afb-6da7b930661e	delivered	5	t	2026-11-30 19:44:44.436964+00
\.


--
-- Data for Name: request; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.request (request_id, method, subject, request_hash, response, recorded_at, organisation) FROM stdin;
\.


--
-- Data for Name: secret; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.secret (name, value) FROM stdin;
page_tokens	\\x24dbc4a81fe202141d4d0d9e906c728af5792685c733c53752cc29d88d26612c
receipts	\\x5cfa646c2bf8124c0bbbad383f381180bdf9aa13683fbf19b23720b34f2eb087
\.


--
-- Data for Name: suppression; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.suppression (channel, address, reason, delivery_id, business_at, recorded_at) FROM stdin;
email	dongtam@example.com	550 5.1.1	018df7bd-6100-78b2-a8ea-8e8ace171f5f	2024-03-01 02:00:00+00	2026-11-30 19:44:44.099804+00
\.


--
-- Data for Name: worker; Type: TABLE DATA; Schema: public; Owner: notifier_owner
--

COPY public.worker (id, lock_key, started_at, buried_at) FROM stdin;
01a22dfc-f21e-7444-a992-60b214072e2b	1	2026-11-30 19:44:41.807695+00	\N
\.


--
-- Name: audit_seq_seq; Type: SEQUENCE SET; Schema: public; Owner: notifier_owner
--

SELECT pg_catalog.setval('public.audit_seq_seq', 1, false);


--
-- Name: decision_id_seq; Type: SEQUENCE SET; Schema: public; Owner: notifier_owner
--

SELECT pg_catalog.setval('public.decision_id_seq', 27, true);


--
-- Name: hold_id_seq; Type: SEQUENCE SET; Schema: public; Owner: notifier_owner
--

SELECT pg_catalog.setval('public.hold_id_seq', 1, false);


--
-- Name: outbox_seq_seq; Type: SEQUENCE SET; Schema: public; Owner: notifier_owner
--

SELECT pg_catalog.setval('public.outbox_seq_seq', 6, true);


--
-- Name: worker_lock_key_seq; Type: SEQUENCE SET; Schema: public; Owner: notifier_owner
--

SELECT pg_catalog.setval('public.worker_lock_key_seq', 1, true);


--
-- Name: attempt attempt_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT attempt_pkey PRIMARY KEY (delivery_id, number);


--
-- Name: audit_head audit_head_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (only_row);


--
-- Name: audit_pending audit_pending_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.audit_pending
    ADD CONSTRAINT audit_pending_pkey PRIMARY KEY (seq);


--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);


--
-- Name: audit_seal audit_seal_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_pkey PRIMARY KEY (number);


--
-- Name: decision decision_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.decision
    ADD CONSTRAINT decision_pkey PRIMARY KEY (id);


--
-- Name: delivery delivery_once; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_once UNIQUE (occurrence_id, organisation_id, channel);


--
-- Name: delivery delivery_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_pkey PRIMARY KEY (id);


--
-- Name: dwelling dwelling_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.dwelling
    ADD CONSTRAINT dwelling_pkey PRIMARY KEY (one);


--
-- Name: hold_accepted hold_accepted_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.hold_accepted
    ADD CONSTRAINT hold_accepted_pkey PRIMARY KEY (reference);


--
-- Name: hold hold_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.hold
    ADD CONSTRAINT hold_pkey PRIMARY KEY (id);


--
-- Name: inbox inbox_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);


--
-- Name: inbox_purged inbox_purged_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.inbox_purged
    ADD CONSTRAINT inbox_purged_pkey PRIMARY KEY (consumer);


--
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (series, version);


--
-- Name: obligation obligation_name_key; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.obligation
    ADD CONSTRAINT obligation_name_key UNIQUE (name);


--
-- Name: obligation obligation_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.obligation
    ADD CONSTRAINT obligation_pkey PRIMARY KEY (id);


--
-- Name: obligation_version obligation_version_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.obligation_version
    ADD CONSTRAINT obligation_version_pkey PRIMARY KEY (obligation_id, anchor_version);


--
-- Name: occurrence_letter occurrence_letter_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.occurrence_letter
    ADD CONSTRAINT occurrence_letter_pkey PRIMARY KEY (occurrence_id);


--
-- Name: occurrence occurrence_once; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.occurrence
    ADD CONSTRAINT occurrence_once UNIQUE (obligation_id, anchor_version, step, repetition);


--
-- Name: occurrence occurrence_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.occurrence
    ADD CONSTRAINT occurrence_pkey PRIMARY KEY (id);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);


--
-- Name: parked_message parked_message_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.parked_message
    ADD CONSTRAINT parked_message_pkey PRIMARY KEY (id);


--
-- Name: published published_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.published
    ADD CONSTRAINT published_pkey PRIMARY KEY (stream);


--
-- Name: receipt receipt_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_pkey PRIMARY KEY (id);


--
-- Name: request request_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (request_id, method, subject, organisation);


--
-- Name: secret secret_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.secret
    ADD CONSTRAINT secret_pkey PRIMARY KEY (name);


--
-- Name: suppression suppression_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.suppression
    ADD CONSTRAINT suppression_pkey PRIMARY KEY (channel, address);


--
-- Name: worker worker_lock_key_key; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.worker
    ADD CONSTRAINT worker_lock_key_key UNIQUE (lock_key);


--
-- Name: worker worker_pkey; Type: CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.worker
    ADD CONSTRAINT worker_pkey PRIMARY KEY (id);


--
-- Name: attempt_ended; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX attempt_ended ON public.attempt USING brin (ended_at) WITH (pages_per_range='16');


--
-- Name: audit_resource; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX audit_resource ON public.audit USING btree (resource, seq) WHERE (resource IS NOT NULL);


--
-- Name: decision_of_obligation; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX decision_of_obligation ON public.decision USING btree (obligation_id, id);


--
-- Name: delivery_alarm; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX delivery_alarm ON public.delivery USING btree (next_action_at) WHERE (next_action_at IS NOT NULL);


--
-- Name: delivery_doubted; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX delivery_doubted ON public.delivery USING btree (doubt) WHERE (doubted_since IS NOT NULL);


--
-- Name: delivery_of_obligation; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX delivery_of_obligation ON public.delivery USING btree (obligation_id, id);


--
-- Name: delivery_parked; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX delivery_parked ON public.delivery USING btree (id) WHERE parked;


--
-- Name: hold_one; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE UNIQUE INDEX hold_one ON public.hold USING btree ((true)) WHERE (released_at IS NULL);


--
-- Name: inbox_received_on; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX inbox_received_on ON public.inbox USING brin (received_on);


--
-- Name: obligation_undated; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX obligation_undated ON public.obligation USING btree (id) WHERE ((NOT fixed) AND (status = 'SCHEDULED'::text));


--
-- Name: occurrence_by_due; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX occurrence_by_due ON public.occurrence USING btree (due_at, id);


--
-- Name: occurrence_due; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX occurrence_due ON public.occurrence USING btree (due_at) WHERE (state = 'SCHEDULED'::text);


--
-- Name: parked_message_open; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX parked_message_open ON public.parked_message USING btree (parked_at, id) WHERE (state = 'parked'::text);


--
-- Name: receipt_of_delivery; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX receipt_of_delivery ON public.receipt USING btree (delivery_id) WHERE (delivery_id IS NOT NULL);


--
-- Name: request_recorded_at; Type: INDEX; Schema: public; Owner: notifier_owner
--

CREATE INDEX request_recorded_at ON public.request USING brin (recorded_at);


--
-- Name: audit audit_append_only; Type: TRIGGER; Schema: public; Owner: notifier_owner
--

CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();


--
-- Name: audit_seal audit_seal_append_only; Type: TRIGGER; Schema: public; Owner: notifier_owner
--

CREATE TRIGGER audit_seal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_seal FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();


--
-- Name: decision decision_obligation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.decision
    ADD CONSTRAINT decision_obligation_id_fkey FOREIGN KEY (obligation_id) REFERENCES public.obligation(id);


--
-- Name: decision decision_occurrence_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.decision
    ADD CONSTRAINT decision_occurrence_id_fkey FOREIGN KEY (occurrence_id) REFERENCES public.occurrence(id);


--
-- Name: delivery delivery_obligation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_obligation_id_fkey FOREIGN KEY (obligation_id) REFERENCES public.obligation(id);


--
-- Name: delivery delivery_occurrence_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT delivery_occurrence_id_fkey FOREIGN KEY (occurrence_id) REFERENCES public.occurrence(id);


--
-- Name: obligation_version obligation_version_obligation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.obligation_version
    ADD CONSTRAINT obligation_version_obligation_id_fkey FOREIGN KEY (obligation_id) REFERENCES public.obligation(id);


--
-- Name: occurrence_letter occurrence_letter_occurrence_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.occurrence_letter
    ADD CONSTRAINT occurrence_letter_occurrence_id_fkey FOREIGN KEY (occurrence_id) REFERENCES public.occurrence(id);


--
-- Name: occurrence occurrence_obligation_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.occurrence
    ADD CONSTRAINT occurrence_obligation_id_fkey FOREIGN KEY (obligation_id) REFERENCES public.obligation(id);


--
-- Name: receipt receipt_delivery_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT receipt_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES public.delivery(id);


--
-- Name: suppression suppression_delivery_id_fkey; Type: FK CONSTRAINT; Schema: public; Owner: notifier_owner
--

ALTER TABLE ONLY public.suppression
    ADD CONSTRAINT suppression_delivery_id_fkey FOREIGN KEY (delivery_id) REFERENCES public.delivery(id);


--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: notifier_owner
--

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO notifier_runtime;


--
-- Name: TABLE attempt; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT ON TABLE public.attempt TO notifier_runtime;


--
-- Name: TABLE audit; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT ON TABLE public.audit TO notifier_runtime;


--
-- Name: TABLE audit_head; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.audit_head TO notifier_runtime;


--
-- Name: TABLE audit_pending; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.audit_pending TO notifier_runtime;


--
-- Name: TABLE audit_seal; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT ON TABLE public.audit_seal TO notifier_runtime;


--
-- Name: SEQUENCE audit_seq_seq; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,USAGE ON SEQUENCE public.audit_seq_seq TO notifier_runtime;


--
-- Name: TABLE decision; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT ON TABLE public.decision TO notifier_runtime;


--
-- Name: SEQUENCE decision_id_seq; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,USAGE ON SEQUENCE public.decision_id_seq TO notifier_runtime;


--
-- Name: TABLE delivery; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.delivery TO notifier_runtime;


--
-- Name: TABLE dwelling; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.dwelling TO notifier_runtime;


--
-- Name: TABLE hold; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.hold TO notifier_runtime;


--
-- Name: TABLE hold_accepted; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.hold_accepted TO notifier_runtime;


--
-- Name: SEQUENCE hold_id_seq; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,USAGE ON SEQUENCE public.hold_id_seq TO notifier_runtime;


--
-- Name: TABLE inbox; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox TO notifier_runtime;


--
-- Name: TABLE inbox_purged; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox_purged TO notifier_runtime;


--
-- Name: TABLE migration; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT ON TABLE public.migration TO notifier_runtime;


--
-- Name: TABLE obligation; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.obligation TO notifier_runtime;


--
-- Name: TABLE obligation_version; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.obligation_version TO notifier_runtime;


--
-- Name: TABLE occurrence; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.occurrence TO notifier_runtime;


--
-- Name: TABLE occurrence_letter; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.occurrence_letter TO notifier_runtime;


--
-- Name: TABLE outbox; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO notifier_runtime;


--
-- Name: SEQUENCE outbox_seq_seq; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,USAGE ON SEQUENCE public.outbox_seq_seq TO notifier_runtime;


--
-- Name: TABLE parked_message; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.parked_message TO notifier_runtime;


--
-- Name: TABLE published; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.published TO notifier_runtime;


--
-- Name: TABLE receipt; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.receipt TO notifier_runtime;


--
-- Name: TABLE request; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.request TO notifier_runtime;


--
-- Name: TABLE secret; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.secret TO notifier_runtime;


--
-- Name: TABLE suppression; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.suppression TO notifier_runtime;


--
-- Name: TABLE worker; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.worker TO notifier_runtime;


--
-- Name: SEQUENCE worker_lock_key_seq; Type: ACL; Schema: public; Owner: notifier_owner
--

GRANT SELECT,USAGE ON SEQUENCE public.worker_lock_key_seq TO notifier_runtime;


--
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: -; Owner: notifier_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE notifier_owner GRANT SELECT,USAGE ON SEQUENCES  TO notifier_runtime;


--
-- Name: DEFAULT PRIVILEGES FOR SCHEMAS; Type: DEFAULT ACL; Schema: -; Owner: notifier_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE notifier_owner GRANT USAGE ON SCHEMAS  TO notifier_runtime;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: -; Owner: notifier_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE notifier_owner GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO notifier_runtime;


--
-- PostgreSQL database dump complete
--

\unrestrict 2Adl7gqWMYHvUz5YU7H7xOi144bakkM3NUBKj2MXFD0rRz6bgf558M6BNqP8Ylt

