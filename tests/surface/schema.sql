-- Every element of a schema as a line of text.
with ours as (
    select c.oid, c.relname, c.relkind, c.reloptions, c.relacl, c.relowner
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'S', 'f')
), kinds(relkind, word) as (
    values ('r'::"char", 'table'), ('p', 'partitioned table'), ('v', 'view'),
           ('m', 'materialized view'), ('S', 'sequence'), ('f', 'foreign table')
)
select concat_ws(' ', word, relname, 'of', pg_get_userbyid(relowner), array_to_string(reloptions, ', '),
                 case when word = 'view' then pg_get_viewdef(oid) end,
                 ': ' || obj_description(oid, 'pg_class'))
from ours join kinds using (relkind)
union all
select concat_ws(' ', 'column', relname || '.' || attname, format_type(atttypid, atttypmod),
                 case when attnotnull then 'not null' end,
                 case attidentity when 'a' then 'identity' when 'd' then 'identity by default' end,
                 case when attgenerated <> '' then 'generated as' else 'default' end
                     || ' ' || pg_get_expr(adbin, adrelid),
                 case when attcollation not in (0, 100) then 'collate ' || attcollation::regcollation::text end)
from ours join pg_attribute on attrelid = oid and attnum > 0 and not attisdropped
    left join pg_attrdef on adrelid = attrelid and adnum = attnum
where relkind <> 'S'
union all
select concat_ws(' ', 'constraint', coalesce(relname, contypid::regtype::text) || '.' || conname,
                 pg_get_constraintdef(pg_constraint.oid))
from pg_constraint left join ours on conrelid = ours.oid
where connamespace = 'public'::regnamespace
union all
select 'index ' || relname || ' ' || pg_get_indexdef(indexrelid)
from pg_index join ours on indrelid = oid
union all
select 'trigger ' || relname || ' ' || pg_get_triggerdef(pg_trigger.oid)
from pg_trigger join ours on tgrelid = ours.oid
where not tgisinternal
union all
-- Of a body the hash: whoever changes it changes a migration, which is read there.
select format('function %s returns %s %s%s, body %s', p.oid::regprocedure, pg_get_function_result(p.oid),
              (select lanname from pg_language l where l.oid = prolang),
              case when prosecdef then ' security definer' else '' end, left(md5(prosrc), 12))
from pg_proc p
where pronamespace = 'public'::regnamespace
union all
select format('type %s %s', t.typname,
              coalesce((select string_agg(enumlabel, ', ' order by enumsortorder) from pg_enum where enumtypid = t.oid),
                       format_type(typbasetype, typtypmod)))
from pg_type t
where typnamespace = 'public'::regnamespace and typtype in ('e', 'd')
union all
select format('extension %s', extname) from pg_extension
union all
select format('grant %s on %s to %s', string_agg(privilege_type, ', ' order by privilege_type), relname,
              case when grantee = 0 then 'public' else pg_get_userbyid(grantee) end)
from ours, aclexplode(relacl)
where grantee <> relowner
group by relname, grantee
union all
select format('grant %s on %s (%s) to %s', string_agg(privilege_type, ', ' order by privilege_type), relname, attname,
              pg_get_userbyid(grantee))
from ours join pg_attribute on attrelid = oid, aclexplode(attacl)
where grantee <> relowner
group by relname, attname, grantee
