-- The database of a service. Nobody but its two roles may connect. Run as a superuser:
--   psql -v service=registry -v database=registry -f database.sql
\set ON_ERROR_STOP on
\set owner :service _owner
\set runtime :service _runtime

create database :"database" owner :"owner" template template0 encoding 'UTF8' lc_collate 'C.UTF-8' lc_ctype 'C.UTF-8';
revoke all on database :"database" from public;
grant connect on database :"database" to :"runtime";

\connect :"database"

revoke all on schema public from public;
alter schema public owner to :"owner";
grant usage on schema public to :"runtime";

-- What the owner makes from now on, in whatever schema, the runtime role may use but not change.
-- Append-only tables take update and delete away again in their own migration.
alter default privileges for role :"owner" grant usage on schemas to :"runtime";
alter default privileges for role :"owner" grant select, insert, update, delete on tables to :"runtime";
alter default privileges for role :"owner" grant usage, select on sequences to :"runtime";
