-- A claim names its worker's row, which lives as long as the worker's rows do: nothing deletes
-- workers. The foreign key would lock that one row again for every mail that is claimed.
alter table delivery drop constraint delivery_leased_by_fkey;
