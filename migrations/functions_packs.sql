-- functions_packs.sql: packs; reloadable like functions.sql.

-- The newest entry of the caller's log and its moment.
drop function if exists tributary.newest_moment;
create function tributary.newest_moment(out sequence bigint, out recorded_at bigint)
language sql stable security definer set search_path = pg_catalog as $$
    select h.sequence, tributary.micros(h.recorded_at) from tributary.log_head h
    where h.jurisdiction = current_setting('tributary.jurisdiction', true)
$$;
revoke all on function tributary.newest_moment from public;
grant execute on function tributary.newest_moment to tributary_daemon;

-- What the log says of a pack: whole texts by their digests only.
create or replace function tributary.pack_said(p tributary.pack) returns jsonb
language sql stable as $$
    select jsonb_build_object(
        'pack', p.pack, 'plan', p.plan, 'plan_version', p.plan_version, 'of', p.kind, 'title', p.title, 'body', p.body, 'unit', p.unit,
        'year', p.year, 'meeting', p.meeting, 'basis', p.basis, 'language', p.language,
        'as_of', tributary.moment_text(p.as_of), 'log_sequence', p.log_sequence, 'release', p.release,
        'sources_sha256', tributary.text_sha256(p.sources),
        'model_sha256', encode(p.model_sha256, 'hex'), 'seen_as', p.seen_as,
        'files', (select jsonb_object_agg(f.format, encode(f.sha256, 'hex')) from tributary.pack_file f
                  where f.pack = p.pack and f.jurisdiction = p.jurisdiction))
$$;

-- A pack as it is told, its sources only if they are asked for.
create or replace function tributary.pack_shown(p tributary.pack, p_with_sources boolean) returns jsonb
language sql stable as $$
    select jsonb_build_object(
               'pack', p.pack, 'plan', p.plan, 'plan_version', p.plan_version, 'of', p.kind, 'title', p.title, 'body', p.body,
               'unit', p.unit, 'year', p.year, 'meeting', p.meeting, 'basis', p.basis, 'language', p.language,
               'as_of', tributary.moment_text(p.as_of), 'log_sequence', p.log_sequence, 'release', p.release,
               'model_sha256', encode(p.model_sha256, 'hex'), 'seen_as', p.seen_as, 'sequence', p.sequence,
               'recorded_at', tributary.moment_text(p.recorded_at),
               'files', (select jsonb_agg(jsonb_build_object('format', f.format, 'size', octet_length(f.bytes),
                                                             'sha256', encode(f.sha256, 'hex')) order by f.format)
                         from tributary.pack_file f
                         where f.pack = p.pack and f.jurisdiction = p.jurisdiction))
           || case when p_with_sources then jsonb_build_object('sources', p.sources::jsonb) else '{}'::jsonb end
$$;

-- The newest pack of a question, seen by rights like the caller's; null: none.
create or replace function tributary.newest_pack(
    p_plan text, p_kind text, p_body text, p_unit text, p_year integer, p_meeting uuid, p_basis text, p_language text)
returns tributary.pack
language sql stable as $$
    select p.*
    from tributary.pack p
    where p.jurisdiction = current_setting('tributary.jurisdiction') and p.plan = p_plan and p.kind = p_kind
      and p.body = p_body and p.unit is not distinct from p_unit and p.year = p_year
      and p.meeting is not distinct from p_meeting and p.basis = p_basis and p.language = p_language
      and (p.seen_as = 'office') = (current_setting('tributary.role') = 'office')
    order by p.sequence desc
    limit 1
$$;

-- Freezes a pack. Answers as ledger/act.h says; one that says what the newest of its question does, by the same release, is
-- unchanged. Its files are left out (null) by whoever saw that it would be. Refused for the reason
--   overtaken    its files are left out, but another was frozen meanwhile
drop function if exists tributary.record_pack;
create function tributary.record_pack(
    p_id uuid, p_plan text, p_plan_version integer, p_kind text, p_title text, p_body text, p_unit text, p_year integer,
    p_meeting uuid, p_basis text, p_language text, p_as_of timestamptz, p_log_sequence bigint, p_release text, p_sources text,
    p_model_sha256 bytea, p_odt bytea, p_pdf bytea, p_ods bytea, p_json bytea,
    p_clock timestamptz, p_token uuid, p_key text, p_request_sha256 bytea,
    out outcome text, out id text, out recorded_at bigint, out sequence bigint, out said jsonb)
language plpgsql as $$
#variable_conflict use_column
declare
    v_jurisdiction text := current_setting('tributary.jurisdiction');
    v_role         text := current_setting('tributary.role');
    v_newest       tributary.pack;
    v_place        record;
    v_row          tributary.pack;
begin
    select k.outcome, k.id into outcome, id from tributary.find_key(p_token, p_key, p_request_sha256) k;
    if outcome is not null then
        return;
    end if;

    v_newest := tributary.newest_pack(p_plan, p_kind, p_body, p_unit, p_year, p_meeting, p_basis, p_language);
    -- its own, if the commit lost its answer and it comes again, or one that says the same
    if v_newest.pack = p_id or (v_newest.model_sha256 = p_model_sha256 and v_newest.release = p_release) then
        outcome := 'unchanged';
        id := v_newest.pack;
    elsif p_json is null then
        outcome := 'overtaken';
        return;
    else
        outcome := 'recorded';
        id := p_id;
        v_place := tributary.next_in_log(p_clock);
        recorded_at := tributary.micros(v_place.recorded_at);
        sequence := v_place.sequence;
        insert into tributary.pack (pack, jurisdiction, plan, plan_version, kind, title, body, unit, year, meeting, basis, language,
                                    as_of, log_sequence, release, sources, model_sha256, seen_as, actor, sequence,
                                    recorded_at)
        values (p_id, v_jurisdiction, p_plan, p_plan_version, p_kind, p_title, p_body, p_unit, p_year, p_meeting, p_basis,
                p_language, p_as_of, p_log_sequence, p_release, p_sources, p_model_sha256, v_role, p_token, sequence,
                v_place.recorded_at)
        returning * into v_row;
        insert into tributary.pack_file (pack, jurisdiction, format, sha256, bytes)
        select p_id, v_jurisdiction, f.format, sha256(f.bytes), f.bytes
        from (values ('odt', p_odt), ('pdf', p_pdf), ('ods', p_ods), ('json', p_json)) as f (format, bytes)
        where f.bytes is not null;
        said := tributary.pack_said(v_row);
    end if;
    perform tributary.keep_key(p_token, p_key, p_request_sha256, id::uuid);
end
$$;
revoke all on function tributary.record_pack from public;
grant execute on function tributary.record_pack to tributary_daemon;
