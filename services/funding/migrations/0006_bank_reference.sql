-- One transfer at the bank has one reference, however its letters and figures are parted:
-- `FT ABC1`, `ft-abc1` and `FTABC1`. It stays as printed; its normal form is unique.
alter table transfer
    drop constraint transfer_bank_reference_key,
    add column bank_reference_normal text generated always as (
        upper(regexp_replace(normalize(bank_reference, nfkc), '[^A-Za-z0-9]', '', 'g'))) stored,
    add constraint transfer_bank_reference_key unique (bank_reference_normal),
    add constraint transfer_bank_reference_says_something check (bank_reference_normal <> '');
