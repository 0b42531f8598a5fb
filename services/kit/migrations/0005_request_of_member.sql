-- What an organisation has changed in the last day is counted before it changes more.
create index request_of_member on request (organisation, method, recorded_at) where organisation <> '';
