-- functions_rows.sql: what offices wrote, row by row; reloadable like functions.sql.

-- Of each submission of a form in some periods the revision that counts, with the rows of one of its tables, or its fields.
-- What is said of persons stands there as digests only.
--   p_table    null: the fields, as one row
--   p_basis    latest: the newest revision; official: the newest that passed the stage which makes it official
--   p_as_of    only what was recorded by then; null: all
drop function if exists tributary.reported_rows;
create function tributary.reported_rows(p_plan text, p_form text, p_periods text[], p_table text, p_basis text, p_as_of timestamptz)
returns table (office text, period text, revision uuid, number integer, content text)
language sql stable as $$
    select s.office, s.period, r.id, r.number,
           case when p_table is null then jsonb_build_array(r.document::jsonb -> 'fields')
                else r.document::jsonb -> 'tables' -> p_table end::text
    from tributary.submission s
    cross join lateral (
        select n.id, n.number, n.reported, n.withdrawn, n.document
        from tributary.revision n
        where n.submission = s.submission and (p_as_of is null or n.recorded_at <= p_as_of)
          and (p_basis = 'latest' or tributary.is_official(n.submission, n.number, p_as_of))
        order by n.number desc
        limit 1) r
    where s.jurisdiction = current_setting('tributary.jurisdiction') and s.plan = p_plan and s.form = p_form
      and s.period = any (p_periods) and r.reported and r.withdrawn is null
    order by s.office, s.period, s.submission
$$;
