--
-- PostgreSQL database dump
--

\restrict 7zu2kY9waYiScOorD8cdV034omXBHGpt2Jxj5RvqIFALj7KfdMfvre6XGWonAXC

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
-- Name: public; Type: SCHEMA; Schema: -; Owner: events_owner
--

-- *not* creating schema, since initdb creates it


ALTER SCHEMA public OWNER TO events_owner;

--
-- Name: append_only(); Type: FUNCTION; Schema: public; Owner: events_owner
--

CREATE FUNCTION public.append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception '% is append-only', tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;


ALTER FUNCTION public.append_only() OWNER TO events_owner;

--
-- Name: never_falls(); Type: FUNCTION; Schema: public; Owner: events_owner
--

CREATE FUNCTION public.never_falls() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    if new.anchor_version < old.anchor_version or new.sequence < old.sequence then
        raise exception 'a version or a sequence of % fell', tg_table_name
            using errcode = 'check_violation', constraint = tg_table_name || '_never_falls';
    end if;
    return new;
end $$;


ALTER FUNCTION public.never_falls() OWNER TO events_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: answer_code; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.answer_code (
    code text NOT NULL,
    invitation uuid,
    submission uuid,
    released_at timestamp with time zone,
    CONSTRAINT answer_code_form CHECK ((code ~ '^[0-9]{6}$'::text)),
    CONSTRAINT answer_code_of_one CHECK ((num_nonnulls(invitation, submission) = 1))
);


ALTER TABLE public.answer_code OWNER TO events_owner;

--
-- Name: audit; Type: TABLE; Schema: public; Owner: events_owner
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


ALTER TABLE public.audit OWNER TO events_owner;

--
-- Name: TABLE audit; Type: COMMENT; Schema: public; Owner: events_owner
--

COMMENT ON TABLE public.audit IS 'append-only';


--
-- Name: audit_head; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.audit_head (
    only_row boolean DEFAULT true NOT NULL,
    number bigint NOT NULL,
    entries bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_head_is_one_row CHECK (only_row)
);


ALTER TABLE public.audit_head OWNER TO events_owner;

--
-- Name: audit_pending; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.audit_pending (
    seq bigint NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_cost_delay='0');


ALTER TABLE public.audit_pending OWNER TO events_owner;

--
-- Name: audit_seal; Type: TABLE; Schema: public; Owner: events_owner
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


ALTER TABLE public.audit_seal OWNER TO events_owner;

--
-- Name: TABLE audit_seal; Type: COMMENT; Schema: public; Owner: events_owner
--

COMMENT ON TABLE public.audit_seal IS 'append-only';


--
-- Name: audit_seq_seq; Type: SEQUENCE; Schema: public; Owner: events_owner
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
-- Name: deadline; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.deadline (
    id uuid NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    anchor jsonb NOT NULL,
    anchor_group smallint NOT NULL,
    anchor_from timestamp with time zone NOT NULL,
    anchor_until timestamp with time zone NOT NULL,
    anchor_version bigint NOT NULL,
    organiser uuid NOT NULL,
    lead_unit uuid NOT NULL,
    plan uuid,
    plan_item uuid,
    document jsonb NOT NULL,
    contents text[] NOT NULL,
    submit_to text NOT NULL,
    class text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    claim_submission uuid,
    claim_organisation uuid,
    sequence bigint NOT NULL,
    revision bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    short_title text DEFAULT ''::text NOT NULL,
    written_for jsonb DEFAULT '{}'::jsonb NOT NULL,
    CONSTRAINT deadline_anchor_group_known CHECK (((anchor_group >= 0) AND (anchor_group <= 2))),
    CONSTRAINT deadline_anchor_ordered CHECK ((anchor_until >= anchor_from)),
    CONSTRAINT deadline_anchor_version_positive CHECK ((anchor_version >= 1)),
    CONSTRAINT deadline_claim_fits CHECK ((num_nonnulls(claim_submission, claim_organisation) =
CASE kind
    WHEN 'claim_confirmation'::text THEN 2
    ELSE 0
END)),
    CONSTRAINT deadline_class_known CHECK ((class = ANY (ARRAY['legal_deadline'::text, 'invitation'::text, 'care'::text, 'advert'::text]))),
    CONSTRAINT deadline_contents_length CHECK ((cardinality(contents) <= 40)),
    CONSTRAINT deadline_kind_known CHECK ((kind = ANY (ARRAY['report'::text, 'task'::text, 'claim_confirmation'::text]))),
    CONSTRAINT deadline_plan_item_whole CHECK (((plan IS NULL) = (plan_item IS NULL))),
    CONSTRAINT deadline_revision_positive CHECK ((revision >= 1)),
    CONSTRAINT deadline_short_title_length CHECK ((char_length(short_title) <= 40)),
    CONSTRAINT deadline_state_known CHECK ((state = ANY (ARRAY['open'::text, 'closed'::text, 'cancelled'::text]))),
    CONSTRAINT deadline_title_length CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300))),
    CONSTRAINT deadline_told CHECK ((sequence >= 1)),
    CONSTRAINT deadline_updated_after_entry CHECK ((updated_at >= created_at)),
    CONSTRAINT deadline_written_for_object CHECK ((jsonb_typeof(written_for) = 'object'::text))
);


ALTER TABLE public.deadline OWNER TO events_owner;

--
-- Name: event; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.event (
    id uuid NOT NULL,
    kind text NOT NULL,
    title text NOT NULL,
    anchor jsonb NOT NULL,
    anchor_group smallint NOT NULL,
    anchor_from timestamp with time zone NOT NULL,
    anchor_until timestamp with time zone NOT NULL,
    anchor_version bigint NOT NULL,
    place jsonb NOT NULL,
    organiser uuid NOT NULL,
    lead_unit uuid NOT NULL,
    plan uuid,
    plan_item uuid,
    document jsonb NOT NULL,
    chair text NOT NULL,
    agenda text[] NOT NULL,
    bring text NOT NULL,
    reply_by date,
    class text NOT NULL,
    state text NOT NULL,
    reason text NOT NULL,
    sequence bigint NOT NULL,
    revision bigint NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    is_public boolean DEFAULT false NOT NULL,
    short_title text DEFAULT ''::text NOT NULL,
    written_for jsonb DEFAULT '{}'::jsonb NOT NULL,
    moved_from jsonb,
    CONSTRAINT event_agenda_length CHECK ((cardinality(agenda) <= 40)),
    CONSTRAINT event_anchor_group_known CHECK (((anchor_group >= 0) AND (anchor_group <= 2))),
    CONSTRAINT event_anchor_ordered CHECK ((anchor_until >= anchor_from)),
    CONSTRAINT event_anchor_version_positive CHECK ((anchor_version >= 1)),
    CONSTRAINT event_announced_told CHECK (((state <> ALL (ARRAY['scheduled'::text, 'postponed'::text, 'completed'::text])) OR (sequence >= 1))),
    CONSTRAINT event_class_known CHECK ((class = ANY (ARRAY['legal_deadline'::text, 'invitation'::text, 'care'::text, 'advert'::text]))),
    CONSTRAINT event_draft_untold CHECK (((state <> 'draft'::text) OR (sequence = 0))),
    CONSTRAINT event_kind_known CHECK ((kind = ANY (ARRAY['ceremony'::text, 'seminar'::text, 'information_meeting'::text, 'meeting'::text, 'dialogue'::text, 'training'::text, 'fair'::text, 'visit'::text]))),
    CONSTRAINT event_plan_item_whole CHECK (((plan IS NULL) = (plan_item IS NULL))),
    CONSTRAINT event_postponed_undated CHECK (((state <> 'postponed'::text) OR (anchor_group = 2))),
    CONSTRAINT event_revision_positive CHECK ((revision >= 1)),
    CONSTRAINT event_short_title_length CHECK ((char_length(short_title) <= 40)),
    CONSTRAINT event_state_known CHECK ((state = ANY (ARRAY['draft'::text, 'scheduled'::text, 'postponed'::text, 'cancelled'::text, 'completed'::text]))),
    CONSTRAINT event_title_length CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300))),
    CONSTRAINT event_updated_after_entry CHECK ((updated_at >= created_at)),
    CONSTRAINT event_written_for_object CHECK ((jsonb_typeof(written_for) = 'object'::text))
);


ALTER TABLE public.event OWNER TO events_owner;

--
-- Name: inbox; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    received_on date DEFAULT CURRENT_DATE NOT NULL
);


ALTER TABLE public.inbox OWNER TO events_owner;

--
-- Name: inbox_purged; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.inbox_purged (
    consumer text NOT NULL,
    messages bigint NOT NULL,
    CONSTRAINT inbox_purged_messages_positive CHECK ((messages > 0))
);


ALTER TABLE public.inbox_purged OWNER TO events_owner;

--
-- Name: invitation; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.invitation (
    id uuid NOT NULL,
    event uuid NOT NULL,
    organisation uuid NOT NULL,
    positions text[] NOT NULL,
    state text NOT NULL,
    attendees integer NOT NULL,
    answered_by text,
    answered_at timestamp with time zone,
    answered_version bigint,
    attendee_names text DEFAULT ''::text NOT NULL,
    CONSTRAINT invitation_answer_known CHECK ((answered_by = ANY (ARRAY['page'::text, 'code'::text, 'officer'::text, 'member'::text]))),
    CONSTRAINT invitation_answer_whole CHECK ((num_nonnulls(answered_by, answered_at, answered_version) = ANY (ARRAY[0, 3]))),
    CONSTRAINT invitation_answered CHECK (((state <> ALL (ARRAY['accepted'::text, 'declined'::text])) OR (answered_by IS NOT NULL))),
    CONSTRAINT invitation_attendees_range CHECK (((attendees >= 0) AND (attendees <= 500))),
    CONSTRAINT invitation_declined_alone CHECK (((state <> 'declined'::text) OR (attendees = 0))),
    CONSTRAINT invitation_names_length CHECK ((char_length(attendee_names) <= 500)),
    CONSTRAINT invitation_names_of_those_who_come CHECK (((attendee_names = ''::text) OR (state = 'accepted'::text))),
    CONSTRAINT invitation_positions_known CHECK ((positions <@ ARRAY['chair'::text, 'director'::text, 'accountant'::text, 'supervisor'::text, 'office'::text, 'head'::text, 'officer'::text])),
    CONSTRAINT invitation_state_known CHECK ((state = ANY (ARRAY['invited'::text, 'accepted'::text, 'declined'::text, 'withdrawn'::text])))
);


ALTER TABLE public.invitation OWNER TO events_owner;

--
-- Name: migration; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.migration (
    series text NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    checksum bytea NOT NULL,
    breaks_before integer NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


ALTER TABLE public.migration OWNER TO events_owner;

--
-- Name: TABLE migration; Type: COMMENT; Schema: public; Owner: events_owner
--

COMMENT ON TABLE public.migration IS 'read-only';


--
-- Name: obligation; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.obligation (
    name text NOT NULL,
    anchor_version bigint NOT NULL,
    sequence bigint NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    message bytea NOT NULL,
    CONSTRAINT obligation_message_length CHECK (((octet_length(message) >= 1) AND (octet_length(message) <= 65536))),
    CONSTRAINT obligation_sequence_positive CHECK ((sequence >= 1))
);


ALTER TABLE public.obligation OWNER TO events_owner;

--
-- Name: outbox; Type: TABLE; Schema: public; Owner: events_owner
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


ALTER TABLE public.outbox OWNER TO events_owner;

--
-- Name: outbox_seq_seq; Type: SEQUENCE; Schema: public; Owner: events_owner
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
-- Name: plan; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.plan (
    id uuid NOT NULL,
    issuer uuid NOT NULL,
    parent uuid,
    title text NOT NULL,
    theme text NOT NULL,
    document jsonb NOT NULL,
    document_date date,
    number_year smallint,
    number text,
    span jsonb,
    peak jsonb,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    revision bigint NOT NULL,
    CONSTRAINT plan_not_its_own_parent CHECK ((parent <> id)),
    CONSTRAINT plan_number_length CHECK (((char_length(number) >= 1) AND (char_length(number) <= 60))),
    CONSTRAINT plan_number_whole CHECK (((number_year IS NULL) = (number IS NULL))),
    CONSTRAINT plan_revision_positive CHECK ((revision >= 1)),
    CONSTRAINT plan_theme_length CHECK ((char_length(theme) <= 300)),
    CONSTRAINT plan_title_length CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300)))
);


ALTER TABLE public.plan OWNER TO events_owner;

--
-- Name: plan_item; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.plan_item (
    id uuid NOT NULL,
    plan uuid NOT NULL,
    number text NOT NULL,
    title text NOT NULL,
    kind text NOT NULL,
    anchor jsonb NOT NULL,
    place text NOT NULL,
    lead_unit uuid,
    coordinating text[] NOT NULL,
    audience_roles text[] NOT NULL,
    remarks text[] NOT NULL,
    created_at timestamp with time zone NOT NULL,
    revision bigint NOT NULL,
    short_title text DEFAULT ''::text NOT NULL,
    CONSTRAINT plan_item_kind_form CHECK ((kind ~ '^[a-z_]{1,40}$'::text)),
    CONSTRAINT plan_item_number_length CHECK ((char_length(number) <= 60)),
    CONSTRAINT plan_item_revision_positive CHECK ((revision >= 1)),
    CONSTRAINT plan_item_short_title_length CHECK ((char_length(short_title) <= 40)),
    CONSTRAINT plan_item_title_length CHECK (((char_length(title) >= 1) AND (char_length(title) <= 300)))
);


ALTER TABLE public.plan_item OWNER TO events_owner;

--
-- Name: published; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.published (
    stream text NOT NULL,
    messages bigint NOT NULL,
    CONSTRAINT published_messages_positive CHECK ((messages > 0))
);


ALTER TABLE public.published OWNER TO events_owner;

--
-- Name: request; Type: TABLE; Schema: public; Owner: events_owner
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


ALTER TABLE public.request OWNER TO events_owner;

--
-- Name: submission; Type: TABLE; Schema: public; Owner: events_owner
--

CREATE TABLE public.submission (
    id uuid NOT NULL,
    deadline uuid NOT NULL,
    organisation uuid NOT NULL,
    state text NOT NULL,
    state_at timestamp with time zone NOT NULL,
    remark text NOT NULL,
    CONSTRAINT submission_state_known CHECK ((state = ANY (ARRAY['awaited'::text, 'claimed'::text, 'submitted'::text, 'exempt'::text])))
);


ALTER TABLE public.submission OWNER TO events_owner;

--
-- Data for Name: answer_code; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.answer_code (code, invitation, submission, released_at) FROM stdin;
173610	01a22dfc-fa34-767f-adb3-252da2b19de3	\N	\N
214257	01a22dfc-fa34-767f-adb3-252ecbb64b1d	\N	\N
272889	01a22dfc-fa34-767f-adb3-252fad595c82	\N	\N
557396	01a22dfc-fa34-767f-adb3-25308ed2cab7	\N	\N
605915	01a22dfc-fa34-767f-adb3-253111349d34	\N	\N
619053	01a22dfc-fa34-767f-adb3-2532ab7d3f07	\N	\N
070712	\N	01a22dfc-fa82-76ad-8010-bce0bfb61cfa	\N
202984	\N	01a22dfc-fa82-76ad-8010-bce1840ffefc	\N
\.


--
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.audit (seq, recorded_at, subject, organisation, method, resource, request_id, request_hash) FROM stdin;
1	2026-11-30 19:44:43.638119+00	user:lan	\N	lienminh.events.v1.EventService/CreateEvent	events/01a22dfc-fa1a-7791-ab39-99662a1300f8	01a22dfc-fa0f-7656-a560-fbd2f4fb10b7	\\x34c4661a5c9a8ddeec4ea6f7cc25a8aa9471956b4610f766b365044b897ab1da
2	2026-11-30 19:44:43.663794+00	user:lan	\N	lienminh.events.v1.DeadlineService/CreateDeadline	deadlines/01a22dfc-fa7c-73b3-a542-ef4889b7382d	01a22dfc-fa7a-75cf-b5ef-1f9073a3d7d5	\\xf2d2532b70bda2f850eb2ea63eb46d4373f0dde3bb9a4a6ee5a4dccfddcb1a5b
\.


--
-- Data for Name: audit_head; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.audit_head (only_row, number, entries, hash) FROM stdin;
\.


--
-- Data for Name: audit_pending; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.audit_pending (seq) FROM stdin;
1
2
\.


--
-- Data for Name: audit_seal; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.audit_seal (number, seqs, leaves, previous, hash, sealed_at) FROM stdin;
\.


--
-- Data for Name: deadline; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.deadline (id, kind, title, anchor, anchor_group, anchor_from, anchor_until, anchor_version, organiser, lead_unit, plan, plan_item, document, contents, submit_to, class, state, reason, claim_submission, claim_organisation, sequence, revision, created_at, updated_at, short_title, written_for) FROM stdin;
01a22dfc-fa7c-73b3-a542-ef4889b7382d	report	Báo cáo quý I	{"is": "day", "date": "2024-03-25", "bound": "through"}	0	2024-03-24 17:00:00+00	2024-03-25 17:00:00+00	1	01a22dfc-f803-76b5-b117-7e07e1c9b96c	01a22dfc-f803-76b5-b117-7e09c2f3997b	\N	\N	{"uri": "", "date": null, "title": "", "issuer": "", "number": "", "dates_seen": [], "number_as_printed": ""}	{"Kết quả thực hiện"}	Văn phòng Liên minh	legal_deadline	open		\N	\N	1	1	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00		{}
\.


--
-- Data for Name: event; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.event (id, kind, title, anchor, anchor_group, anchor_from, anchor_until, anchor_version, place, organiser, lead_unit, plan, plan_item, document, chair, agenda, bring, reply_by, class, state, reason, sequence, revision, created_at, updated_at, is_public, short_title, written_for, moved_from) FROM stdin;
01a22dfc-fa1a-7791-ab39-99662a1300f8	seminar	Hội thảo	{"is": "instant", "end": "2024-03-22T03:00:00Z", "start": "2024-03-22T01:00:00Z"}	0	2024-03-22 01:00:00+00	2024-03-22 03:00:00+00	1	{"hint": "", "text": "Hội trường UBND tỉnh", "online_uri": ""}	01a22dfc-f803-76b5-b117-7e07e1c9b96c	01a22dfc-f803-76b5-b117-7e09c2f3997b	\N	\N	{"uri": "", "date": null, "title": "", "issuer": "", "number": "", "dates_seen": [], "number_as_printed": ""}		{}		\N	invitation	scheduled		1	2	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	f		{}	\N
\.


--
-- Data for Name: inbox; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.inbox (consumer, message_id, received_on) FROM stdin;
\.


--
-- Data for Name: inbox_purged; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.inbox_purged (consumer, messages) FROM stdin;
\.


--
-- Data for Name: invitation; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.invitation (id, event, organisation, positions, state, attendees, answered_by, answered_at, answered_version, attendee_names) FROM stdin;
01a22dfc-fa34-767f-adb3-252da2b19de3	01a22dfc-fa1a-7791-ab39-99662a1300f8	01a22dfc-f803-76b5-b117-7e0beb61eb5a	{}	invited	0	\N	\N	\N	
01a22dfc-fa34-767f-adb3-252ecbb64b1d	01a22dfc-fa1a-7791-ab39-99662a1300f8	01a22dfc-f803-76b5-b117-7e0dc4bd87e5	{}	invited	0	\N	\N	\N	
01a22dfc-fa34-767f-adb3-252fad595c82	01a22dfc-fa1a-7791-ab39-99662a1300f8	01a22dfc-f803-76b5-b117-7e0f0d1e4198	{}	invited	0	\N	\N	\N	
01a22dfc-fa34-767f-adb3-25308ed2cab7	01a22dfc-fa1a-7791-ab39-99662a1300f8	01a22dfc-f803-76b5-b117-7e11e3e3623e	{}	invited	0	\N	\N	\N	
01a22dfc-fa34-767f-adb3-253111349d34	01a22dfc-fa1a-7791-ab39-99662a1300f8	01a22dfc-f803-76b5-b117-7e13843263b1	{}	invited	0	\N	\N	\N	
01a22dfc-fa34-767f-adb3-2532ab7d3f07	01a22dfc-fa1a-7791-ab39-99662a1300f8	01a22dfc-f803-76b5-b117-7e150620dacb	{}	invited	0	\N	\N	\N	
\.


--
-- Data for Name: migration; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.migration (series, version, name, checksum, breaks_before, applied_at) FROM stdin;
kit	1	outbox	\\x2f06ad196f43339a64d4e9bde588700183e64571f3d85a3413dcb6b16f5a8046	0	2026-11-30 19:44:39.82369+00
kit	2	request	\\x0356cf87b2cb7825661dfa253f3b1639f0146150862e0b141d4fdb51a199ca17	0	2026-11-30 19:44:39.832153+00
kit	3	audit	\\x5ec7e3a3f44e13c39d194915ea8e7d09a7fcb5a1438a79d06523f494bd60613e	0	2026-11-30 19:44:39.858011+00
kit	4	request_organisation	\\x63a6fa343a1ad65acd1184dbc02f1281db0ed36a830e49b90440cd783154a65c	0	2026-11-30 19:44:39.868585+00
service	1	plan	\\x675a2db6ab5a208c3b6a88b5c5bc50dce3dc77b1073887f4758a4715f09fa850	0	2026-11-30 19:44:39.899182+00
service	2	event	\\x0014d3a10e5378da65cfa25a7d5d2464e5af91ed1067777a5bf31dfc2837ada6	0	2026-11-30 19:44:39.944903+00
service	3	deadline	\\xafc64420d0c46c6cc01b1bbcebc33ed78f8dfb389fb7415e118a69cf4eeec5bf	0	2026-11-30 19:44:39.991591+00
service	4	answer	\\x94f1c10b6f84356fee8cdd2b545ea71a82d8eee479daba29f6636b0621ffeb14	0	2026-11-30 19:44:40.014241+00
service	5	obligation	\\x255938397f630aae3045f640c27b825e386b61d25f0e197f09df65bcdce58b43	0	2026-11-30 19:44:40.032449+00
service	6	public	\\x9d357446546e12e0a7f1ef299018c7ce8d467e97561aec6ffd8774427ee96232	0	2026-11-30 19:44:40.033286+00
service	7	short_title	\\xfd0fd4fb99b2a922076d78f5e2f2df5ec6f2524c1c4b6cd6bab770af7485ef7e	0	2026-11-30 19:44:40.037604+00
service	8	written_for	\\xf336c155fe82c336b6cec856c9b4a1fb22e8839e6d7ea217b9e92b90997f9266	0	2026-11-30 19:44:40.038816+00
service	9	pages	\\xebd9e57f39f3a3a8470013af62f38f65e9ccaf5a92e028bcba5cb37454c07956	0	2026-11-30 19:44:40.039816+00
service	10	answered_by_member	\\xd849fc25fe0989682a7b664c3d46c53c666109f187401dc73ff04b2b479b08f4	0	2026-11-30 19:44:40.041695+00
\.


--
-- Data for Name: obligation; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.obligation (name, anchor_version, sequence, updated_at, message) FROM stdin;
events/obligations/event-01a22dfc-fa1a-7791-ab39-99662a1300f8	1	1	2024-03-01 02:00:00+00	\\x0a3d6576656e74732f6f626c69676174696f6e732f6576656e742d30316132326466632d666131612d373739312d616233392d39393636326131333030663812066576656e74731a0773656d696e617220022a0c48e1bb9969207468e1baa36f32120a100a060890b0f3af06120608b0e8f3af0638014a1d0a1b48e1bb9969207472c6b0e1bb9d6e672055424e442074e1bb896e6852326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765303765316339623936635a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765303963326633393937626001680182011a0a067374617475731210c491c3a3207468c3b46e672062c3a16f82012c0a0f7265706c795f706167655f626173651219687474703a2f2f3132372e302e302e313a32303637312f722f8a010608a0ed84af069a012b6576656e74732f30316132326466632d666131612d373739312d616233392d393936363261313330306638
events/obligations/deadline-01a22dfc-fa7c-73b3-a542-ef4889b7382d	1	1	2024-03-01 02:00:00+00	\\x0a406576656e74732f6f626c69676174696f6e732f646561646c696e652d30316132326466632d666137632d373362332d613534322d65663438383962373338326412066576656e74731a067265706f727420012a1042c3a16f2063c3a16f207175c3bd2049320d120b0a0708e80f100318191001380152326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765303765316339623936635a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765303963326633393937626001680182012c0a0f7265706c795f706167655f626173651219687474703a2f2f3132372e302e302e313a32303637312f722f82011d0a067374617475731213c491616e67207468e1bbb163206869e1bb876e8201230a097375626d69745f746f121656c4836e207068c3b26e67204c69c3aa6e206d696e688201250a08636f6e74656e747312194be1babf74207175e1baa3207468e1bbb163206869e1bb876e8a010608a0ed84af069a012e646561646c696e65732f30316132326466632d666137632d373362332d613534322d656634383839623733383264
\.


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.outbox (seq, id, exchange, routing_key, stream, mandatory, type, aggregate, aggregate_sequence, occurred_at, traceparent, payload, recorded_at, attempts, retry_at, last_error) FROM stdin;
\.


--
-- Data for Name: plan; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.plan (id, issuer, parent, title, theme, document, document_date, number_year, number, span, peak, created_at, updated_at, revision) FROM stdin;
\.


--
-- Data for Name: plan_item; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.plan_item (id, plan, number, title, kind, anchor, place, lead_unit, coordinating, audience_roles, remarks, created_at, revision, short_title) FROM stdin;
\.


--
-- Data for Name: published; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.published (stream, messages) FROM stdin;
facts:event	1
facts:deadline	1
facts:obligation	2
\.


--
-- Data for Name: request; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.request (request_id, method, subject, request_hash, response, recorded_at, organisation) FROM stdin;
01a22dfc-fa0f-7656-a560-fbd2f4fb10b7	lienminh.events.v1.EventService/CreateEvent	user:lan	\\x34c4661a5c9a8ddeec4ea6f7cc25a8aa9471956b4610f766b365044b897ab1da	\\x0a2b6576656e74732f30316132326466632d666131612d373739312d616233392d393936363261313330306638120773656d696e61721a0c48e1bb9969207468e1baa36f22120a100a060890b0f3af06120608b0e8f3af062801321d0a1b48e1bb9969207472c6b0e1bb9d6e672055424e442074e1bb896e683a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d37653037653163396239366342326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d37653039633266333939376278028001028a010608a0ed84af0692010608a0ed84af069a0114572f22594b57455976716966386c635678695722	2026-11-30 19:44:43.63835+00	
01a22dfc-fa7a-75cf-b5ef-1f9073a3d7d5	lienminh.events.v1.DeadlineService/CreateDeadline	user:lan	\\xf2d2532b70bda2f850eb2ea63eb46d4373f0dde3bb9a4a6ee5a4dccfddcb1a5b	\\x0a2e646561646c696e65732f30316132326466632d666137632d373362332d613534322d65663438383962373338326412067265706f72741a1042c3a16f2063c3a16f207175c3bd2049220d120b0a0708e80f100318191001280132326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765303765316339623936633a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d37653039633266333939376252194be1babf74207175e1baa3207468e1bbb163206869e1bb876e5a1656c4836e207068c3b26e67204c69c3aa6e206d696e6860016801720608a0ed84af067a0608a0ed84af06820114572f225f4d4748794d4c7034694d4e4172776c22	2026-11-30 19:44:43.66388+00	
\.


--
-- Data for Name: submission; Type: TABLE DATA; Schema: public; Owner: events_owner
--

COPY public.submission (id, deadline, organisation, state, state_at, remark) FROM stdin;
01a22dfc-fa82-76ad-8010-bce0bfb61cfa	01a22dfc-fa7c-73b3-a542-ef4889b7382d	01a22dfc-f803-76b5-b117-7e0beb61eb5a	awaited	2024-03-01 02:00:00+00	
01a22dfc-fa82-76ad-8010-bce1840ffefc	01a22dfc-fa7c-73b3-a542-ef4889b7382d	01a22dfc-f803-76b5-b117-7e0dc4bd87e5	awaited	2024-03-01 02:00:00+00	
\.


--
-- Name: audit_seq_seq; Type: SEQUENCE SET; Schema: public; Owner: events_owner
--

SELECT pg_catalog.setval('public.audit_seq_seq', 2, true);


--
-- Name: outbox_seq_seq; Type: SEQUENCE SET; Schema: public; Owner: events_owner
--

SELECT pg_catalog.setval('public.outbox_seq_seq', 4, true);


--
-- Name: answer_code answer_code_invitation_key; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.answer_code
    ADD CONSTRAINT answer_code_invitation_key UNIQUE (invitation);


--
-- Name: answer_code answer_code_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.answer_code
    ADD CONSTRAINT answer_code_pkey PRIMARY KEY (code);


--
-- Name: answer_code answer_code_submission_key; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.answer_code
    ADD CONSTRAINT answer_code_submission_key UNIQUE (submission);


--
-- Name: audit_head audit_head_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (only_row);


--
-- Name: audit_pending audit_pending_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.audit_pending
    ADD CONSTRAINT audit_pending_pkey PRIMARY KEY (seq);


--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);


--
-- Name: audit_seal audit_seal_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_pkey PRIMARY KEY (number);


--
-- Name: deadline deadline_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.deadline
    ADD CONSTRAINT deadline_pkey PRIMARY KEY (id);


--
-- Name: event event_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_pkey PRIMARY KEY (id);


--
-- Name: inbox inbox_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);


--
-- Name: inbox_purged inbox_purged_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.inbox_purged
    ADD CONSTRAINT inbox_purged_pkey PRIMARY KEY (consumer);


--
-- Name: invitation invitation_party_key; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_party_key UNIQUE (event, organisation);


--
-- Name: invitation invitation_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_pkey PRIMARY KEY (id);


--
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (series, version);


--
-- Name: obligation obligation_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.obligation
    ADD CONSTRAINT obligation_pkey PRIMARY KEY (name);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);


--
-- Name: plan_item plan_item_of_plan_key; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.plan_item
    ADD CONSTRAINT plan_item_of_plan_key UNIQUE (id, plan);


--
-- Name: plan_item plan_item_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.plan_item
    ADD CONSTRAINT plan_item_pkey PRIMARY KEY (id);


--
-- Name: plan plan_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.plan
    ADD CONSTRAINT plan_pkey PRIMARY KEY (id);


--
-- Name: published published_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.published
    ADD CONSTRAINT published_pkey PRIMARY KEY (stream);


--
-- Name: request request_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (request_id, method, subject, organisation);


--
-- Name: submission submission_party_key; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.submission
    ADD CONSTRAINT submission_party_key UNIQUE (deadline, organisation);


--
-- Name: submission submission_pkey; Type: CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.submission
    ADD CONSTRAINT submission_pkey PRIMARY KEY (id);


--
-- Name: answer_code_released; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE INDEX answer_code_released ON public.answer_code USING btree (released_at) WHERE (released_at IS NOT NULL);


--
-- Name: audit_resource; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE INDEX audit_resource ON public.audit USING btree (resource, seq) WHERE (resource IS NOT NULL);


--
-- Name: deadline_by_plan_item; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE INDEX deadline_by_plan_item ON public.deadline USING btree (plan_item) WHERE (plan_item IS NOT NULL);


--
-- Name: deadline_by_time; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE INDEX deadline_by_time ON public.deadline USING btree (anchor_group, anchor_from, id);


--
-- Name: deadline_claim_key; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE UNIQUE INDEX deadline_claim_key ON public.deadline USING btree (claim_submission) WHERE ((claim_submission IS NOT NULL) AND (state = 'open'::text));


--
-- Name: event_by_plan_item; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE INDEX event_by_plan_item ON public.event USING btree (plan_item) WHERE (plan_item IS NOT NULL);


--
-- Name: event_by_time; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE INDEX event_by_time ON public.event USING btree (anchor_group, anchor_from, id);


--
-- Name: inbox_received_on; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE INDEX inbox_received_on ON public.inbox USING brin (received_on);


--
-- Name: obligation_by_update; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE INDEX obligation_by_update ON public.obligation USING btree (updated_at, name);


--
-- Name: plan_by_date; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE INDEX plan_by_date ON public.plan USING btree (COALESCE(document_date, '0001-01-01'::date) DESC, id DESC);


--
-- Name: plan_item_by_plan; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE INDEX plan_item_by_plan ON public.plan_item USING btree (plan, id);


--
-- Name: plan_number_key; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE UNIQUE INDEX plan_number_key ON public.plan USING btree (issuer, number_year, number) WHERE (number IS NOT NULL);


--
-- Name: request_recorded_at; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE INDEX request_recorded_at ON public.request USING brin (recorded_at);


--
-- Name: submission_owed; Type: INDEX; Schema: public; Owner: events_owner
--

CREATE INDEX submission_owed ON public.submission USING btree (deadline) WHERE (state = ANY (ARRAY['awaited'::text, 'claimed'::text]));


--
-- Name: audit audit_append_only; Type: TRIGGER; Schema: public; Owner: events_owner
--

CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();


--
-- Name: audit_seal audit_seal_append_only; Type: TRIGGER; Schema: public; Owner: events_owner
--

CREATE TRIGGER audit_seal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_seal FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();


--
-- Name: deadline deadline_never_falls; Type: TRIGGER; Schema: public; Owner: events_owner
--

CREATE TRIGGER deadline_never_falls BEFORE UPDATE ON public.deadline FOR EACH ROW EXECUTE FUNCTION public.never_falls();


--
-- Name: event event_never_falls; Type: TRIGGER; Schema: public; Owner: events_owner
--

CREATE TRIGGER event_never_falls BEFORE UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION public.never_falls();


--
-- Name: obligation obligation_never_falls; Type: TRIGGER; Schema: public; Owner: events_owner
--

CREATE TRIGGER obligation_never_falls BEFORE UPDATE ON public.obligation FOR EACH ROW EXECUTE FUNCTION public.never_falls();


--
-- Name: answer_code answer_code_invitation_fkey; Type: FK CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.answer_code
    ADD CONSTRAINT answer_code_invitation_fkey FOREIGN KEY (invitation) REFERENCES public.invitation(id);


--
-- Name: answer_code answer_code_submission_fkey; Type: FK CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.answer_code
    ADD CONSTRAINT answer_code_submission_fkey FOREIGN KEY (submission) REFERENCES public.submission(id);


--
-- Name: deadline deadline_claim_fkey; Type: FK CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.deadline
    ADD CONSTRAINT deadline_claim_fkey FOREIGN KEY (claim_submission) REFERENCES public.submission(id);


--
-- Name: deadline deadline_plan_item_fkey; Type: FK CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.deadline
    ADD CONSTRAINT deadline_plan_item_fkey FOREIGN KEY (plan_item, plan) REFERENCES public.plan_item(id, plan);


--
-- Name: event event_plan_item_fkey; Type: FK CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.event
    ADD CONSTRAINT event_plan_item_fkey FOREIGN KEY (plan_item, plan) REFERENCES public.plan_item(id, plan);


--
-- Name: invitation invitation_event_fkey; Type: FK CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.invitation
    ADD CONSTRAINT invitation_event_fkey FOREIGN KEY (event) REFERENCES public.event(id);


--
-- Name: plan_item plan_item_plan_fkey; Type: FK CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.plan_item
    ADD CONSTRAINT plan_item_plan_fkey FOREIGN KEY (plan) REFERENCES public.plan(id);


--
-- Name: plan plan_parent_fkey; Type: FK CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.plan
    ADD CONSTRAINT plan_parent_fkey FOREIGN KEY (parent) REFERENCES public.plan(id);


--
-- Name: submission submission_deadline_fkey; Type: FK CONSTRAINT; Schema: public; Owner: events_owner
--

ALTER TABLE ONLY public.submission
    ADD CONSTRAINT submission_deadline_fkey FOREIGN KEY (deadline) REFERENCES public.deadline(id);


--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: events_owner
--

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO events_runtime;


--
-- Name: TABLE answer_code; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.answer_code TO events_runtime;


--
-- Name: TABLE audit; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT ON TABLE public.audit TO events_runtime;


--
-- Name: TABLE audit_head; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.audit_head TO events_runtime;


--
-- Name: TABLE audit_pending; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.audit_pending TO events_runtime;


--
-- Name: TABLE audit_seal; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT ON TABLE public.audit_seal TO events_runtime;


--
-- Name: SEQUENCE audit_seq_seq; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,USAGE ON SEQUENCE public.audit_seq_seq TO events_runtime;


--
-- Name: TABLE deadline; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.deadline TO events_runtime;


--
-- Name: TABLE event; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.event TO events_runtime;


--
-- Name: TABLE inbox; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox TO events_runtime;


--
-- Name: TABLE inbox_purged; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox_purged TO events_runtime;


--
-- Name: TABLE invitation; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.invitation TO events_runtime;


--
-- Name: TABLE migration; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT ON TABLE public.migration TO events_runtime;


--
-- Name: TABLE obligation; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.obligation TO events_runtime;


--
-- Name: TABLE outbox; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO events_runtime;


--
-- Name: SEQUENCE outbox_seq_seq; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,USAGE ON SEQUENCE public.outbox_seq_seq TO events_runtime;


--
-- Name: TABLE plan; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.plan TO events_runtime;


--
-- Name: TABLE plan_item; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.plan_item TO events_runtime;


--
-- Name: TABLE published; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.published TO events_runtime;


--
-- Name: TABLE request; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.request TO events_runtime;


--
-- Name: TABLE submission; Type: ACL; Schema: public; Owner: events_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.submission TO events_runtime;


--
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: -; Owner: events_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE events_owner GRANT SELECT,USAGE ON SEQUENCES  TO events_runtime;


--
-- Name: DEFAULT PRIVILEGES FOR SCHEMAS; Type: DEFAULT ACL; Schema: -; Owner: events_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE events_owner GRANT USAGE ON SCHEMAS  TO events_runtime;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: -; Owner: events_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE events_owner GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO events_runtime;


--
-- PostgreSQL database dump complete
--

\unrestrict 7zu2kY9waYiScOorD8cdV034omXBHGpt2Jxj5RvqIFALj7KfdMfvre6XGWonAXC

