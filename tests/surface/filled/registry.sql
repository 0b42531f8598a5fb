--
-- PostgreSQL database dump
--

\restrict YUUvazgWWCNQCTwzLefJKQPRDjjL1cqfKEHTJ8wxvdtYKY2AVesyXZy9IlUsQ7r

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
-- Name: public; Type: SCHEMA; Schema: -; Owner: registry_owner
--

-- *not* creating schema, since initdb creates it


ALTER SCHEMA public OWNER TO registry_owner;

--
-- Name: append_only(); Type: FUNCTION; Schema: public; Owner: registry_owner
--

CREATE FUNCTION public.append_only() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    raise exception '% is append-only', tg_table_name
        using errcode = 'insufficient_privilege';
end
$$;


ALTER FUNCTION public.append_only() OWNER TO registry_owner;

--
-- Name: signature_is_unknown(); Type: FUNCTION; Schema: public; Owner: registry_owner
--

CREATE FUNCTION public.signature_is_unknown() RETURNS trigger
    LANGUAGE plpgsql
    AS $$
begin
    new.search_signature := -1;
    return new;
end $$;


ALTER FUNCTION public.signature_is_unknown() OWNER TO registry_owner;

SET default_tablespace = '';

SET default_table_access_method = heap;

--
-- Name: admission_applicant; Type: TABLE; Schema: public; Owner: registry_owner
--

CREATE TABLE public.admission_applicant (
    batch_id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    admitted_at timestamp with time zone
);


ALTER TABLE public.admission_applicant OWNER TO registry_owner;

--
-- Name: admission_batch; Type: TABLE; Schema: public; Owner: registry_owner
--

CREATE TABLE public.admission_batch (
    id uuid NOT NULL,
    batch text NOT NULL,
    deadline_date date NOT NULL,
    deadline_bound text NOT NULL,
    lead_unit_id uuid NOT NULL,
    organiser_id uuid NOT NULL,
    document_number_as_printed text DEFAULT ''::text NOT NULL,
    document_number text DEFAULT ''::text NOT NULL,
    document_issuer text DEFAULT ''::text NOT NULL,
    document_date date,
    document_dates_seen date[] DEFAULT '{}'::date[] NOT NULL,
    document_title text DEFAULT ''::text NOT NULL,
    document_uri text DEFAULT ''::text NOT NULL,
    state text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version bigint NOT NULL,
    anchor_version bigint NOT NULL,
    CONSTRAINT admission_batch_anchor_version_positive CHECK ((anchor_version > 0)),
    CONSTRAINT admission_batch_batch_length CHECK (((char_length(batch) >= 1) AND (char_length(batch) <= 40))),
    CONSTRAINT admission_batch_bound_known CHECK ((deadline_bound = ANY (ARRAY['through'::text, 'before'::text]))),
    CONSTRAINT admission_batch_state_known CHECK ((state = ANY (ARRAY['open'::text, 'completed'::text]))),
    CONSTRAINT admission_batch_version_positive CHECK ((version > 0))
);


ALTER TABLE public.admission_batch OWNER TO registry_owner;

--
-- Name: audit; Type: TABLE; Schema: public; Owner: registry_owner
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


ALTER TABLE public.audit OWNER TO registry_owner;

--
-- Name: TABLE audit; Type: COMMENT; Schema: public; Owner: registry_owner
--

COMMENT ON TABLE public.audit IS 'append-only';


--
-- Name: audit_head; Type: TABLE; Schema: public; Owner: registry_owner
--

CREATE TABLE public.audit_head (
    only_row boolean DEFAULT true NOT NULL,
    number bigint NOT NULL,
    entries bigint NOT NULL,
    hash bytea NOT NULL,
    CONSTRAINT audit_head_is_one_row CHECK (only_row)
);


ALTER TABLE public.audit_head OWNER TO registry_owner;

--
-- Name: audit_pending; Type: TABLE; Schema: public; Owner: registry_owner
--

CREATE TABLE public.audit_pending (
    seq bigint NOT NULL
)
WITH (autovacuum_vacuum_scale_factor='0', autovacuum_vacuum_threshold='2000', autovacuum_vacuum_cost_delay='0');


ALTER TABLE public.audit_pending OWNER TO registry_owner;

--
-- Name: audit_seal; Type: TABLE; Schema: public; Owner: registry_owner
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


ALTER TABLE public.audit_seal OWNER TO registry_owner;

--
-- Name: TABLE audit_seal; Type: COMMENT; Schema: public; Owner: registry_owner
--

COMMENT ON TABLE public.audit_seal IS 'append-only';


--
-- Name: audit_seq_seq; Type: SEQUENCE; Schema: public; Owner: registry_owner
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
-- Name: consent; Type: TABLE; Schema: public; Owner: registry_owner
--

CREATE TABLE public.consent (
    id uuid NOT NULL,
    contact_id uuid NOT NULL,
    purpose text NOT NULL,
    granted boolean NOT NULL,
    evidence text NOT NULL,
    recorded_at timestamp with time zone NOT NULL,
    CONSTRAINT consent_has_evidence CHECK (((char_length(evidence) >= 1) AND (char_length(evidence) <= 500))),
    CONSTRAINT consent_purpose_known CHECK ((purpose = ANY (ARRAY['work'::text, 'advert'::text])))
);


ALTER TABLE public.consent OWNER TO registry_owner;

--
-- Name: TABLE consent; Type: COMMENT; Schema: public; Owner: registry_owner
--

COMMENT ON TABLE public.consent IS 'append-only';


--
-- Name: contact; Type: TABLE; Schema: public; Owner: registry_owner
--

CREATE TABLE public.contact (
    id uuid NOT NULL,
    organisation_id uuid NOT NULL,
    person_name text DEFAULT ''::text NOT NULL,
    salutation text DEFAULT ''::text NOT NULL,
    "position" text NOT NULL,
    position_rank integer GENERATED ALWAYS AS (array_position(ARRAY['chair'::text, 'director'::text, 'accountant'::text, 'supervisor'::text, 'office'::text, 'head'::text, 'officer'::text], "position")) STORED NOT NULL,
    email text DEFAULT ''::text NOT NULL,
    phone text DEFAULT ''::text NOT NULL,
    phone_receives_sms boolean DEFAULT false NOT NULL,
    phone_shared boolean DEFAULT false NOT NULL,
    language text NOT NULL,
    do_not_contact boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version bigint NOT NULL,
    ended_at timestamp with time zone,
    CONSTRAINT contact_email_length CHECK ((char_length(email) <= 254)),
    CONSTRAINT contact_ends_after_it_began CHECK ((ended_at >= created_at)),
    CONSTRAINT contact_language_known CHECK ((language = ANY (ARRAY['vi'::text, 'en'::text]))),
    CONSTRAINT contact_person_name_length CHECK ((char_length(person_name) <= 200)),
    CONSTRAINT contact_phone_shape CHECK ((phone ~ '^(\+84[0-9]{9,10})?$'::text)),
    CONSTRAINT contact_position_known CHECK (("position" = ANY (ARRAY['chair'::text, 'director'::text, 'accountant'::text, 'supervisor'::text, 'office'::text, 'head'::text, 'officer'::text]))),
    CONSTRAINT contact_sms_needs_phone CHECK (((phone <> ''::text) OR (NOT phone_receives_sms))),
    CONSTRAINT contact_version_positive CHECK ((version > 0))
);


ALTER TABLE public.contact OWNER TO registry_owner;

--
-- Name: inbox; Type: TABLE; Schema: public; Owner: registry_owner
--

CREATE TABLE public.inbox (
    consumer text NOT NULL,
    message_id uuid NOT NULL,
    received_on date DEFAULT CURRENT_DATE NOT NULL
);


ALTER TABLE public.inbox OWNER TO registry_owner;

--
-- Name: inbox_purged; Type: TABLE; Schema: public; Owner: registry_owner
--

CREATE TABLE public.inbox_purged (
    consumer text NOT NULL,
    messages bigint NOT NULL,
    CONSTRAINT inbox_purged_messages_positive CHECK ((messages > 0))
);


ALTER TABLE public.inbox_purged OWNER TO registry_owner;

--
-- Name: migration; Type: TABLE; Schema: public; Owner: registry_owner
--

CREATE TABLE public.migration (
    series text NOT NULL,
    version integer NOT NULL,
    name text NOT NULL,
    checksum bytea NOT NULL,
    breaks_before integer NOT NULL,
    applied_at timestamp with time zone DEFAULT clock_timestamp() NOT NULL
);


ALTER TABLE public.migration OWNER TO registry_owner;

--
-- Name: TABLE migration; Type: COMMENT; Schema: public; Owner: registry_owner
--

COMMENT ON TABLE public.migration IS 'read-only';


--
-- Name: organisation; Type: TABLE; Schema: public; Owner: registry_owner
--

CREATE TABLE public.organisation (
    id uuid NOT NULL,
    kind text NOT NULL,
    display_name text NOT NULL,
    short_name text NOT NULL,
    tax_code text,
    tax_code_override_reason text DEFAULT ''::text NOT NULL,
    registration_number text DEFAULT ''::text NOT NULL,
    roster_code text,
    address text DEFAULT ''::text NOT NULL,
    province_code text DEFAULT ''::text NOT NULL,
    locality text DEFAULT ''::text NOT NULL,
    cluster text DEFAULT ''::text NOT NULL,
    parent_id uuid,
    status text NOT NULL,
    successor_id uuid,
    membership_kind text,
    membership_state text,
    decision_number text DEFAULT ''::text NOT NULL,
    admit_date date,
    admission_batch text DEFAULT ''::text NOT NULL,
    sort_key text NOT NULL COLLATE pg_catalog."C",
    search_name text NOT NULL COLLATE pg_catalog."C",
    search_terms tsvector NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    version bigint NOT NULL,
    entry bigint NOT NULL,
    search_signature bigint DEFAULT '-1'::integer NOT NULL,
    codes_by_member boolean DEFAULT false NOT NULL,
    CONSTRAINT organisation_admitted_is_complete CHECK (((membership_state IS DISTINCT FROM 'admitted'::text) OR (membership_kind IS NOT NULL))),
    CONSTRAINT organisation_display_name_length CHECK (((char_length(display_name) >= 2) AND (char_length(display_name) <= 300))),
    CONSTRAINT organisation_kind_known CHECK ((kind = ANY (ARRAY['cooperative'::text, 'cooperative_group'::text, 'union'::text, 'credit_fund'::text, 'enterprise'::text, 'alliance'::text, 'unit'::text, 'authority'::text, 'other'::text]))),
    CONSTRAINT organisation_membership_kind_known CHECK ((membership_kind = ANY (ARRAY['official'::text, 'affiliate'::text]))),
    CONSTRAINT organisation_membership_state_known CHECK ((membership_state = ANY (ARRAY['applicant'::text, 'admitted'::text, 'suspended'::text, 'withdrawn'::text]))),
    CONSTRAINT organisation_merged_has_successor CHECK (((status = 'merged'::text) = (successor_id IS NOT NULL))),
    CONSTRAINT organisation_not_its_own_parent CHECK ((parent_id <> id)),
    CONSTRAINT organisation_not_its_own_successor CHECK ((successor_id <> id)),
    CONSTRAINT organisation_province_code_shape CHECK ((province_code ~ '^([0-9]{2})?$'::text)),
    CONSTRAINT organisation_roster_code_length CHECK (((char_length(roster_code) >= 1) AND (char_length(roster_code) <= 40))),
    CONSTRAINT organisation_short_name_length CHECK (((char_length(short_name) >= 1) AND (char_length(short_name) <= 40))),
    CONSTRAINT organisation_status_known CHECK ((status = ANY (ARRAY['active'::text, 'suspended'::text, 'dissolved'::text, 'merged'::text]))),
    CONSTRAINT organisation_tax_code_shape CHECK ((tax_code ~ '^([0-9]{12}|[0-9]{10}(-[0-9]{3})?)$'::text)),
    CONSTRAINT organisation_version_positive CHECK ((version > 0))
);


ALTER TABLE public.organisation OWNER TO registry_owner;

--
-- Name: organisation_entry_seq; Type: SEQUENCE; Schema: public; Owner: registry_owner
--

ALTER TABLE public.organisation ALTER COLUMN entry ADD GENERATED ALWAYS AS IDENTITY (
    SEQUENCE NAME public.organisation_entry_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1
);


--
-- Name: outbox; Type: TABLE; Schema: public; Owner: registry_owner
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


ALTER TABLE public.outbox OWNER TO registry_owner;

--
-- Name: outbox_seq_seq; Type: SEQUENCE; Schema: public; Owner: registry_owner
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
-- Name: published; Type: TABLE; Schema: public; Owner: registry_owner
--

CREATE TABLE public.published (
    stream text NOT NULL,
    messages bigint NOT NULL,
    CONSTRAINT published_messages_positive CHECK ((messages > 0))
);


ALTER TABLE public.published OWNER TO registry_owner;

--
-- Name: request; Type: TABLE; Schema: public; Owner: registry_owner
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


ALTER TABLE public.request OWNER TO registry_owner;

--
-- Data for Name: admission_applicant; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.admission_applicant (batch_id, organisation_id, admitted_at) FROM stdin;
\.


--
-- Data for Name: admission_batch; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.admission_batch (id, batch, deadline_date, deadline_bound, lead_unit_id, organiser_id, document_number_as_printed, document_number, document_issuer, document_date, document_dates_seen, document_title, document_uri, state, created_at, updated_at, version, anchor_version) FROM stdin;
\.


--
-- Data for Name: audit; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.audit (seq, recorded_at, subject, organisation, method, resource, request_id, request_hash) FROM stdin;
1	2026-11-30 19:44:43.060788+00	user:lan	\N	lienminh.registry.v1.OrganisationService/ImportRoster	organisations	01a22dfc-f711-70e0-b3bd-5c10984ed769	\\xd63fabf039c0135318ed2d4a63dd4ac48ac0c09053078dd2e97992f0a934002e
\.


--
-- Data for Name: audit_head; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.audit_head (only_row, number, entries, hash) FROM stdin;
\.


--
-- Data for Name: audit_pending; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.audit_pending (seq) FROM stdin;
1
\.


--
-- Data for Name: audit_seal; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.audit_seal (number, seqs, leaves, previous, hash, sealed_at) FROM stdin;
\.


--
-- Data for Name: consent; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.consent (id, contact_id, purpose, granted, evidence, recorded_at) FROM stdin;
\.


--
-- Data for Name: contact; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.contact (id, organisation_id, person_name, salutation, "position", email, phone, phone_receives_sms, phone_shared, language, do_not_contact, created_at, updated_at, version, ended_at) FROM stdin;
01a22dfc-f803-76b5-b117-7e085951762b	01a22dfc-f803-76b5-b117-7e07e1c9b96c			office	vanphong@lienminh.example	+842613000001	f	f	vi	f	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	\N
01a22dfc-f803-76b5-b117-7e0ad94eeb7f	01a22dfc-f803-76b5-b117-7e09c2f3997b			office	khht@lienminh.example	+842613000012	f	f	vi	f	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	\N
01a22dfc-f803-76b5-b117-7e0c8fa5c40c	01a22dfc-f803-76b5-b117-7e0beb61eb5a	Lê Thanh Khánh		director	anbinh@example.com	+84590000001	t	f	vi	f	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	\N
01a22dfc-f803-76b5-b117-7e0eda55ac30	01a22dfc-f803-76b5-b117-7e0dc4bd87e5	Lê Thanh Khánh		director		+84590000002	t	f	vi	f	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	\N
01a22dfc-f803-76b5-b117-7e103a89a649	01a22dfc-f803-76b5-b117-7e0f0d1e4198	Lê Thanh Khánh		director		+842613000003	f	f	vi	f	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	\N
01a22dfc-f803-76b5-b117-7e12c64037c1	01a22dfc-f803-76b5-b117-7e11e3e3623e	Lê Thanh Khánh		director	dongtam@example.com		f	f	vi	f	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	\N
01a22dfc-f803-76b5-b117-7e14b0a133ae	01a22dfc-f803-76b5-b117-7e13843263b1	Lê Thanh Khánh		director			f	f	vi	f	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	\N
01a22dfc-f803-76b5-b117-7e16024467b5	01a22dfc-f803-76b5-b117-7e150620dacb	Lê Thanh Khánh		director		+84590000021	t	f	vi	f	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	\N
\.


--
-- Data for Name: inbox; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.inbox (consumer, message_id, received_on) FROM stdin;
\.


--
-- Data for Name: inbox_purged; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.inbox_purged (consumer, messages) FROM stdin;
\.


--
-- Data for Name: migration; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.migration (series, version, name, checksum, breaks_before, applied_at) FROM stdin;
kit	1	outbox	\\x2f06ad196f43339a64d4e9bde588700183e64571f3d85a3413dcb6b16f5a8046	0	2026-11-30 19:44:39.809639+00
kit	2	request	\\x0356cf87b2cb7825661dfa253f3b1639f0146150862e0b141d4fdb51a199ca17	0	2026-11-30 19:44:39.820741+00
kit	3	audit	\\x5ec7e3a3f44e13c39d194915ea8e7d09a7fcb5a1438a79d06523f494bd60613e	0	2026-11-30 19:44:39.860065+00
kit	4	request_organisation	\\x63a6fa343a1ad65acd1184dbc02f1281db0ed36a830e49b90440cd783154a65c	0	2026-11-30 19:44:39.872208+00
service	1	organisation	\\xdae5350c5f5414d78059489e0662468d103870a4805ec19ce933d62a0ac41d5a	0	2026-11-30 19:44:39.910989+00
service	2	contact	\\x2c2d0a7b98cd746d29032e1ab2da16bf9de7419be4981e4b84558ac63b8fd0a0	0	2026-11-30 19:44:39.933168+00
service	3	admission	\\x8d13aab81df15fd1d7a98bf7a10d2698b9722d36598f15556be96c35ccfaa67f	0	2026-11-30 19:44:39.949498+00
service	4	walk	\\x4dfc737cf102188d5c5d3e695eba25c60cc337e25290c37b28cd23416a36477c	0	2026-11-30 19:44:39.994111+00
service	5	codes_by_member	\\xa32aa8c3d2dfeb6ab9fd645dacb7493dabe7fd9f9dcb128e07c85c9056fdea50	0	2026-11-30 19:44:39.998949+00
service	6	personal_tax_code	\\x306ba0ff8f935c8c10ca20618ead885ddcd7b9676fa1ccc5e3e6a63b56fe316e	0	2026-11-30 19:44:39.999854+00
service	7	term	\\xc503bfdff3ffacaff00d6f3a22df86f31bb27dc05516b476c6df4616da4fe50f	0	2026-11-30 19:44:40.000467+00
\.


--
-- Data for Name: organisation; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.organisation (id, kind, display_name, short_name, tax_code, tax_code_override_reason, registration_number, roster_code, address, province_code, locality, cluster, parent_id, status, successor_id, membership_kind, membership_state, decision_number, admit_date, admission_batch, sort_key, search_name, search_terms, created_at, updated_at, version, entry, search_signature, codes_by_member) FROM stdin;
01a22dfc-f803-76b5-b117-7e07e1c9b96c	alliance	Liên minh Hợp tác xã tỉnh Đắk Nông	LMHTX tỉnh Đắk Nông	\N			LM		67	Gia Nghĩa		\N	active	\N	\N	\N		\N		lie{n minh ho|p tac xa tinh d{a{k no{ng0000000000500040003002000041000000000100000000000000010001	lmhtx tinh dak nong	'dak' 'gia' 'hop' 'lien' 'lm' 'lmhtx' 'minh' 'nghia' 'nong' 'tac' 'tinh' 'xa'	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	9	-6412911554657611758	f
01a22dfc-f803-76b5-b117-7e09c2f3997b	unit	Phòng Kế hoạch Hỗ trợ	Phòng Kế hoạch Hỗ trợ	\N			P-KHHT		67	Gia Nghĩa		01a22dfc-f803-76b5-b117-7e07e1c9b96c	active	\N	\N	\N		\N		phong ke{ hoach ho{ tro|10000040050000030051000001000000001	phong ke hoach ho tro	'gia' 'ho' 'hoach' 'ke' 'khht' 'nghia' 'p' 'phong' 'pkhht' 'tro'	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	10	2610012679083137026	f
01a22dfc-f803-76b5-b117-7e0beb61eb5a	cooperative	Hợp tác xã Nông nghiệp An Bình	HTX Nông nghiệp An Bình	\N			M1	Đắk Nia, thành phố Gia Nghĩa, tỉnh Đắk Nông	67	Đắk Nia	Gia Nghĩa	\N	active	\N	official	admitted	71/QĐ-LMHTX	2019-07-02		ho|p tac xa no{ng nghie{p an binh500040003000000050000000001100000000001000000000001001	htx nong nghiep an binh	'an' 'binh' 'dak' 'hop' 'htx' 'm1' 'nghiep' 'nia' 'nong' 'tac' 'xa'	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	11	-2160438188351258622	f
01a22dfc-f803-76b5-b117-7e0dc4bd87e5	cooperative	Hợp tác xã Nông nghiệp Bình Minh	HTX Nông nghiệp Bình Minh	\N			M2	Đắk Nia, thành phố Gia Nghĩa, tỉnh Đắk Nông	67	Đắk Nia	Gia Nghĩa	\N	active	\N	official	admitted	71/QĐ-LMHTX	2019-07-02		ho|p tac xa no{ng nghie{p binh minh50004000300000005000000110000000000100000000000100001	htx nong nghiep binh minh	'binh' 'dak' 'hop' 'htx' 'm2' 'minh' 'nghiep' 'nia' 'nong' 'tac' 'xa'	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	12	-2160385411759570928	f
01a22dfc-f803-76b5-b117-7e0f0d1e4198	cooperative	Hợp tác xã Nông nghiệp Cao Nguyên	HTX Nông nghiệp Cao Nguyên	\N			M3	Đắk Nia, thành phố Gia Nghĩa, tỉnh Đắk Nông	67	Đắk Nia	Gia Nghĩa	\N	active	\N	official	admitted	71/QĐ-LMHTX	2019-07-02		ho|p tac xa no{ng nghie{p cao nguye{n500040003000000051000000000010000000000010001	htx nong nghiep cao nguyen	'cao' 'dak' 'hop' 'htx' 'm3' 'nghiep' 'nguyen' 'nia' 'nong' 'tac' 'xa'	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	13	-2304571002968680448	f
01a22dfc-f803-76b5-b117-7e11e3e3623e	cooperative	Hợp tác xã Nông nghiệp Đồng Tâm	HTX Nông nghiệp Đồng Tâm	\N			M4	Đắk Nia, thành phố Gia Nghĩa, tỉnh Đắk Nông	67	Đắk Nia	Gia Nghĩa	\N	active	\N	official	admitted	71/QĐ-LMHTX	2019-07-02		ho|p tac xa no{ng nghie{p d{o{ng ta|m50004000300000005000000110000000000100000000000100001	htx nong nghiep dong tam	'dak' 'dong' 'hop' 'htx' 'm4' 'nghiep' 'nia' 'nong' 'tac' 'tam' 'xa'	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	14	-2304569903456546808	f
01a22dfc-f803-76b5-b117-7e13843263b1	cooperative	Hợp tác xã Nông nghiệp Hoa Lư	HTX Nông nghiệp Hoa Lư	\N			M5	Đắk Nia, thành phố Gia Nghĩa, tỉnh Đắk Nông	67	Đắk Nia	Gia Nghĩa	\N	active	\N	official	admitted	71/QĐ-LMHTX	2019-07-02		ho|p tac xa no{ng nghie{p hoa lu{500040003000000051000000000010000000000010001	htx nong nghiep hoa lu	'dak' 'hoa' 'hop' 'htx' 'lu' 'm5' 'nghiep' 'nia' 'nong' 'tac' 'xa'	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	15	-2304289527459053568	f
01a22dfc-f803-76b5-b117-7e150620dacb	cooperative	Hợp tác xã Nông nghiệp Sơn Hà	HTX Nông nghiệp Sơn Hà	\N			S	Đắk Nia, thành phố Gia Nghĩa, tỉnh Đắk Nông	67	Đắk Nia	Gia Nghĩa	\N	active	\N	official	admitted	71/QĐ-LMHTX	2019-07-02		ho|p tac xa no{ng nghie{p so|n ha50004000300000005000000000011000000000010000000000010001	htx nong nghiep son ha	'dak' 'ha' 'hop' 'htx' 'nghiep' 'nia' 'nong' 's' 'son' 'tac' 'xa'	2024-03-01 02:00:00+00	2024-03-01 02:00:00+00	1	16	-2304571002972831708	f
\.


--
-- Data for Name: outbox; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.outbox (seq, id, exchange, routing_key, stream, mandatory, type, aggregate, aggregate_sequence, occurred_at, traceparent, payload, recorded_at, attempts, retry_at, last_error) FROM stdin;
\.


--
-- Data for Name: published; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.published (stream, messages) FROM stdin;
facts:contact	8
facts:membership	6
facts:organisation	8
\.


--
-- Data for Name: request; Type: TABLE DATA; Schema: public; Owner: registry_owner
--

COPY public.request (request_id, method, subject, request_hash, response, recorded_at, organisation) FROM stdin;
01a22dfc-f711-70e0-b3bd-5c10984ed769	lienminh.registry.v1.OrganisationService/ImportRoster	user:lan	\\xd63fabf039c0135318ed2d4a63dd4ac48ac0c09053078dd2e97992f0a934002e	\\x0a38080210011a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765303765316339623936630a38080210011a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765303963326633393937620a38080410011a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765306265623631656235610a38080510011a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765306463346264383765350a38080610011a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765306630643165343139380a38080710011a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765313165336533363233650a38080810011a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d3765313338343332363362310a38080910011a326f7267616e69736174696f6e732f30316132326466632d663830332d373662352d623131372d37653135303632306461636210082008	2026-11-30 19:44:43.061086+00	
\.


--
-- Name: audit_seq_seq; Type: SEQUENCE SET; Schema: public; Owner: registry_owner
--

SELECT pg_catalog.setval('public.audit_seq_seq', 1, true);


--
-- Name: organisation_entry_seq; Type: SEQUENCE SET; Schema: public; Owner: registry_owner
--

SELECT pg_catalog.setval('public.organisation_entry_seq', 16, true);


--
-- Name: outbox_seq_seq; Type: SEQUENCE SET; Schema: public; Owner: registry_owner
--

SELECT pg_catalog.setval('public.outbox_seq_seq', 44, true);


--
-- Name: admission_applicant admission_applicant_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.admission_applicant
    ADD CONSTRAINT admission_applicant_pkey PRIMARY KEY (batch_id, organisation_id);


--
-- Name: admission_batch admission_batch_batch_key; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.admission_batch
    ADD CONSTRAINT admission_batch_batch_key UNIQUE (batch);


--
-- Name: admission_batch admission_batch_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.admission_batch
    ADD CONSTRAINT admission_batch_pkey PRIMARY KEY (id);


--
-- Name: audit_head audit_head_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.audit_head
    ADD CONSTRAINT audit_head_pkey PRIMARY KEY (only_row);


--
-- Name: audit_pending audit_pending_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.audit_pending
    ADD CONSTRAINT audit_pending_pkey PRIMARY KEY (seq);


--
-- Name: audit audit_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.audit
    ADD CONSTRAINT audit_pkey PRIMARY KEY (seq);


--
-- Name: audit_seal audit_seal_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.audit_seal
    ADD CONSTRAINT audit_seal_pkey PRIMARY KEY (number);


--
-- Name: consent consent_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_pkey PRIMARY KEY (id);


--
-- Name: contact contact_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_pkey PRIMARY KEY (id);


--
-- Name: inbox inbox_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT inbox_pkey PRIMARY KEY (consumer, message_id);


--
-- Name: inbox_purged inbox_purged_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.inbox_purged
    ADD CONSTRAINT inbox_purged_pkey PRIMARY KEY (consumer);


--
-- Name: migration migration_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.migration
    ADD CONSTRAINT migration_pkey PRIMARY KEY (series, version);


--
-- Name: organisation organisation_entry_key; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_entry_key UNIQUE (entry) INCLUDE (search_signature);


--
-- Name: organisation organisation_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_pkey PRIMARY KEY (id);


--
-- Name: organisation organisation_roster_code_key; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_roster_code_key UNIQUE (roster_code);


--
-- Name: organisation organisation_tax_code_key; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_tax_code_key UNIQUE (tax_code);


--
-- Name: outbox outbox_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.outbox
    ADD CONSTRAINT outbox_pkey PRIMARY KEY (seq);


--
-- Name: published published_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.published
    ADD CONSTRAINT published_pkey PRIMARY KEY (stream);


--
-- Name: request request_pkey; Type: CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.request
    ADD CONSTRAINT request_pkey PRIMARY KEY (request_id, method, subject, organisation);


--
-- Name: admission_applicant_open; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX admission_applicant_open ON public.admission_applicant USING btree (organisation_id) WHERE (admitted_at IS NULL);


--
-- Name: admission_batch_by_update_time; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX admission_batch_by_update_time ON public.admission_batch USING btree (updated_at, id);


--
-- Name: audit_resource; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX audit_resource ON public.audit USING btree (resource, seq) WHERE (resource IS NOT NULL);


--
-- Name: consent_latest; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX consent_latest ON public.consent USING btree (contact_id, purpose, recorded_at DESC, id DESC);


--
-- Name: contact_by_organisation; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX contact_by_organisation ON public.contact USING btree (organisation_id, position_rank, id);


--
-- Name: inbox_received_on; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX inbox_received_on ON public.inbox USING brin (received_on);


--
-- Name: organisation_by_cluster_and_name; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX organisation_by_cluster_and_name ON public.organisation USING btree (cluster, sort_key, id) WHERE (cluster <> ''::text);


--
-- Name: organisation_by_kind_and_name; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX organisation_by_kind_and_name ON public.organisation USING btree (kind, sort_key, id);


--
-- Name: organisation_by_registration_number; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX organisation_by_registration_number ON public.organisation USING btree (registration_number) WHERE (registration_number <> ''::text);


--
-- Name: organisation_by_search_name; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX organisation_by_search_name ON public.organisation USING btree (search_name, id);


--
-- Name: organisation_by_search_terms; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX organisation_by_search_terms ON public.organisation USING gin (search_terms);


--
-- Name: organisation_by_update_time; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX organisation_by_update_time ON public.organisation USING btree (updated_at, id);


--
-- Name: organisation_members_by_kind_and_name; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX organisation_members_by_kind_and_name ON public.organisation USING btree (kind, sort_key, id) WHERE (membership_state = 'admitted'::text);


--
-- Name: request_recorded_at; Type: INDEX; Schema: public; Owner: registry_owner
--

CREATE INDEX request_recorded_at ON public.request USING brin (recorded_at);


--
-- Name: audit audit_append_only; Type: TRIGGER; Schema: public; Owner: registry_owner
--

CREATE TRIGGER audit_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();


--
-- Name: audit_seal audit_seal_append_only; Type: TRIGGER; Schema: public; Owner: registry_owner
--

CREATE TRIGGER audit_seal_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.audit_seal FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();


--
-- Name: consent consent_append_only; Type: TRIGGER; Schema: public; Owner: registry_owner
--

CREATE TRIGGER consent_append_only BEFORE DELETE OR UPDATE OR TRUNCATE ON public.consent FOR EACH STATEMENT EXECUTE FUNCTION public.append_only();


--
-- Name: organisation signature_is_unknown; Type: TRIGGER; Schema: public; Owner: registry_owner
--

CREATE TRIGGER signature_is_unknown BEFORE UPDATE ON public.organisation FOR EACH ROW WHEN (((new.search_terms <> old.search_terms) AND (new.search_signature = old.search_signature))) EXECUTE FUNCTION public.signature_is_unknown();


--
-- Name: admission_applicant admission_applicant_batch_fkey; Type: FK CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.admission_applicant
    ADD CONSTRAINT admission_applicant_batch_fkey FOREIGN KEY (batch_id) REFERENCES public.admission_batch(id);


--
-- Name: admission_applicant admission_applicant_organisation_fkey; Type: FK CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.admission_applicant
    ADD CONSTRAINT admission_applicant_organisation_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);


--
-- Name: admission_batch admission_batch_lead_unit_fkey; Type: FK CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.admission_batch
    ADD CONSTRAINT admission_batch_lead_unit_fkey FOREIGN KEY (lead_unit_id) REFERENCES public.organisation(id);


--
-- Name: admission_batch admission_batch_organiser_fkey; Type: FK CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.admission_batch
    ADD CONSTRAINT admission_batch_organiser_fkey FOREIGN KEY (organiser_id) REFERENCES public.organisation(id);


--
-- Name: consent consent_contact_fkey; Type: FK CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.consent
    ADD CONSTRAINT consent_contact_fkey FOREIGN KEY (contact_id) REFERENCES public.contact(id);


--
-- Name: contact contact_organisation_fkey; Type: FK CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.contact
    ADD CONSTRAINT contact_organisation_fkey FOREIGN KEY (organisation_id) REFERENCES public.organisation(id);


--
-- Name: organisation organisation_parent_fkey; Type: FK CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_parent_fkey FOREIGN KEY (parent_id) REFERENCES public.organisation(id);


--
-- Name: organisation organisation_successor_fkey; Type: FK CONSTRAINT; Schema: public; Owner: registry_owner
--

ALTER TABLE ONLY public.organisation
    ADD CONSTRAINT organisation_successor_fkey FOREIGN KEY (successor_id) REFERENCES public.organisation(id);


--
-- Name: SCHEMA public; Type: ACL; Schema: -; Owner: registry_owner
--

REVOKE USAGE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO registry_runtime;


--
-- Name: TABLE admission_applicant; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.admission_applicant TO registry_runtime;


--
-- Name: TABLE admission_batch; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.admission_batch TO registry_runtime;


--
-- Name: TABLE audit; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT ON TABLE public.audit TO registry_runtime;


--
-- Name: TABLE audit_head; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.audit_head TO registry_runtime;


--
-- Name: TABLE audit_pending; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.audit_pending TO registry_runtime;


--
-- Name: TABLE audit_seal; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT ON TABLE public.audit_seal TO registry_runtime;


--
-- Name: SEQUENCE audit_seq_seq; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,USAGE ON SEQUENCE public.audit_seq_seq TO registry_runtime;


--
-- Name: TABLE consent; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT ON TABLE public.consent TO registry_runtime;


--
-- Name: TABLE contact; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.contact TO registry_runtime;


--
-- Name: TABLE inbox; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox TO registry_runtime;


--
-- Name: TABLE inbox_purged; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.inbox_purged TO registry_runtime;


--
-- Name: TABLE migration; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT ON TABLE public.migration TO registry_runtime;


--
-- Name: TABLE organisation; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.organisation TO registry_runtime;


--
-- Name: SEQUENCE organisation_entry_seq; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,USAGE ON SEQUENCE public.organisation_entry_seq TO registry_runtime;


--
-- Name: TABLE outbox; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.outbox TO registry_runtime;


--
-- Name: SEQUENCE outbox_seq_seq; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,USAGE ON SEQUENCE public.outbox_seq_seq TO registry_runtime;


--
-- Name: TABLE published; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.published TO registry_runtime;


--
-- Name: TABLE request; Type: ACL; Schema: public; Owner: registry_owner
--

GRANT SELECT,INSERT,DELETE,UPDATE ON TABLE public.request TO registry_runtime;


--
-- Name: DEFAULT PRIVILEGES FOR SEQUENCES; Type: DEFAULT ACL; Schema: -; Owner: registry_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE registry_owner GRANT SELECT,USAGE ON SEQUENCES  TO registry_runtime;


--
-- Name: DEFAULT PRIVILEGES FOR SCHEMAS; Type: DEFAULT ACL; Schema: -; Owner: registry_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE registry_owner GRANT USAGE ON SCHEMAS  TO registry_runtime;


--
-- Name: DEFAULT PRIVILEGES FOR TABLES; Type: DEFAULT ACL; Schema: -; Owner: registry_owner
--

ALTER DEFAULT PRIVILEGES FOR ROLE registry_owner GRANT SELECT,INSERT,DELETE,UPDATE ON TABLES  TO registry_runtime;


--
-- PostgreSQL database dump complete
--

\unrestrict YUUvazgWWCNQCTwzLefJKQPRDjjL1cqfKEHTJ8wxvdtYKY2AVesyXZy9IlUsQ7r

