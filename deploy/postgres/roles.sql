-- The two roles of a service: the owner, who migrates, and the runtime role, which has no DDL.
-- Run once per server:
--   psql -v service=registry -v owner_password=... -v runtime_password=... -f roles.sql
\set ON_ERROR_STOP on
\set owner :service _owner
\set runtime :service _runtime

select format('create role %I', name)
from unnest(array[:'owner', :'runtime']) as wanted (name)
where not exists (select from pg_roles where rolname = name) \gexec

alter role :"owner" login nosuperuser nocreatedb nocreaterole password :'owner_password';
alter role :"runtime" login nosuperuser nocreatedb nocreaterole noinherit password :'runtime_password';

-- A session that forgets its transaction must not hold back vacuum for everybody.
alter role :"runtime" set idle_in_transaction_session_timeout = '10s';

-- PostgreSQL lets everybody into its own databases, where a login could work, make temporary tables
-- and read the names of all others. Nobody but a superuser has anything to do there.
revoke all on database postgres, template1 from public;
