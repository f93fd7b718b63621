-- Where every occurrence stands on a day, from what units sent and the city ruled. Design 3.3 (which words
-- count) and 3.4 (standing and light), each step a rule.
--
-- The same text runs on SQLite (tracker/standing_sql.py: each step a table or view) and on Apache Spark
-- (tracker/on_spark.py). Days are days of the common era (1 is 0001-01-01), moments are microseconds
-- since 1970 in UTC, yes and no are 1 and 0. What goes in:
--
-- clock       programme, as_of, month (the first day of as_of's), known_by, records_from, behind_points
-- occurrence  n, programme, unit, item, opens, due, period_end, contributes, has_quota, needed, milestone, plan,
--             kind, warning_days, waits_on, closer, is_pooled, is_share, grows, needed_of_all, every
-- version     file (its key), programme, path, name, digest, unit, month, month_end, number, received, is_unchanged
-- speaks      file, plan
-- said        file, is_held, item, state, done_on, done, total, verified_on, counted_on, promised_on
-- ruling      r, programme, unit, item, kind, at, at_day, month, path, name, sha256, until, granted, ground, state,
--             done_on, done, total, counted_on, promised_on
-- sheet       unit, item, known, month, state, done_on, done, total, counted_on
--
-- r numbers the rulings, from 1, in the order in which they were made.


-- The rulings that were known, of the months up to the one looked at.
create temporary view known_ruling as
select ruling.*, clock.as_of
from ruling
join clock on clock.programme = ruling.programme
where ruling.at <= clock.known_by and ruling.month <= clock.month;

-- The files that were known, numbered as versions of their month: by the number in the name, then as they came.
create temporary view known_version as
select
    version.*,
    row_number() over (
        partition by version.programme, version.unit, version.month
        order by version.number, version.received, version.path, version.digest
    ) as place
from version
join clock on clock.programme = version.programme
where version.received <= clock.known_by and version.month <= clock.month;

-- Rulings on a file as a whole. One that is tied to a content says nothing of any other content.
create temporary view ruling_on_file as
select known_version.file, known_version.unit, known_ruling.r, known_ruling.kind, known_ruling.at
from known_version
join known_ruling on known_ruling.path = known_version.path
where known_ruling.item is null
    and known_ruling.kind in ('accept', 'return', 'withdraw')
    and (known_ruling.sha256 is null or known_ruling.sha256 = known_version.digest);

-- The last such ruling holds: accepted, or sent back.
create temporary view file_sent_back as
select file
from (
    select file, kind, row_number() over (partition by file order by r desc) as back
    from ruling_on_file
) as ranked
where back = 1 and kind <> 'accept';

-- Of each unit, month and plan the last version not sent back counts. (A part speaks only for its plans.)
create temporary view counting as
select file, unit, month, month_end, plan, place, is_unchanged
from (
    select
        known_version.*,
        speaks.plan,
        row_number() over (
            partition by known_version.programme, known_version.unit, known_version.month, speaks.plan
            order by known_version.place desc
        ) as back
    from known_version
    join speaks on speaks.file = known_version.file
    left join file_sent_back on file_sent_back.file = known_version.file
    where file_sent_back.file is null
) as ranked
where back = 1;

-- While an item is verified, nothing that comes touches it: from the verification to the ruling that undid it.
create temporary view spell as
select unit, item, begins, ends
from (
    select
        unit,
        item,
        kind,
        at as begins,
        min(case when kind <> 'verify' then at end) over (
            partition by unit, item order by r rows between 1 following and unbounded following
        ) as ends
    from known_ruling
    where item is not null and kind in ('verify', 'refuse', 'reopen')
) as ruled
where kind = 'verify';

-- The items that were ever verified: for them files count, and are sent back, only outside of those times.
create temporary view once_closed as
select distinct occurrence.n, occurrence.unit, occurrence.item, occurrence.plan
from spell
join occurrence on occurrence.unit = spell.unit and occurrence.item = spell.item;

-- The files sent back as far as such an item is concerned: by the last ruling on them made outside of those times.
create temporary view sent_back_for_item as
select n, file
from (
    select once_closed.n, rulings.file, rulings.kind,
        row_number() over (partition by once_closed.n, rulings.file order by rulings.r desc) as back
    from once_closed
    join ruling_on_file as rulings on rulings.unit = once_closed.unit
    where not exists (
        select 1 from spell
        where spell.unit = once_closed.unit and spell.item = once_closed.item
            and spell.begins < rulings.at and (spell.ends is null or rulings.at <= spell.ends)
    )
) as ranked
where back = 1 and kind <> 'accept';

-- The version of each month that counts for such an item: the last that came outside of those times and stands.
create temporary view counting_for_item as
select n, month, file
from (
    select once_closed.n, known_version.month, known_version.file,
        row_number() over (partition by once_closed.n, known_version.month order by known_version.place desc) as back
    from once_closed
    join known_version on known_version.unit = once_closed.unit
    join speaks on speaks.file = known_version.file and speaks.plan = once_closed.plan
    left join sent_back_for_item as sent on sent.n = once_closed.n and sent.file = known_version.file
    where sent.file is null
        and not exists (
            select 1 from spell
            where spell.unit = once_closed.unit and spell.item = once_closed.item
                and spell.begins < known_version.received
                and (spell.ends is null or known_version.received <= spell.ends)
        )
) as ranked
where back = 1;

-- Single words sent back since they came: by the last ruling on them.
create temporary view word_sent_back as
select n, file
from (
    select occurrence.n, known_version.file, rulings.kind,
        row_number() over (partition by occurrence.n, known_version.file order by rulings.r desc) as back
    from known_ruling as rulings
    join occurrence on occurrence.unit = rulings.unit and occurrence.item = rulings.item
    join known_version on known_version.unit = rulings.unit and known_version.month = rulings.month
    where rulings.kind in ('accept', 'return', 'withdraw')
        and rulings.at >= known_version.received
        and (rulings.name is null or rulings.name = known_version.name)
        and (rulings.sha256 is null or rulings.sha256 = known_version.digest)
        and not exists (
            select 1 from spell
            where spell.unit = rulings.unit and spell.item = rulings.item
                and spell.begins < rulings.at and (spell.ends is null or rulings.at <= spell.ends)
        )
) as ranked
where back = 1 and kind <> 'accept';

-- Every word on an occurrence that its unit owes, from a file that speaks for its plan, heard while it was open.
-- turn puts an occurrence's words in order: by month, then by version. A good word was not sent back, alone or with its
-- file.
create temporary view word as
select
    occurrence.n, known_version.month, known_version.month * 100000 + known_version.place as turn,
    known_version.file, case when once_closed.n is null then 0 else 1 end as was_closed,
    case
        when by_word.file is null and by_item.file is null and (by_file.file is null or once_closed.n is not null) then 1
        else 0
    end as is_good
from said
join known_version on known_version.file = said.file
join occurrence on occurrence.unit = known_version.unit and occurrence.item = said.item
join speaks on speaks.file = said.file and speaks.plan = occurrence.plan
left join once_closed on once_closed.n = occurrence.n
left join file_sent_back as by_file on by_file.file = said.file
left join sent_back_for_item as by_item on by_item.n = occurrence.n and by_item.file = said.file
left join word_sent_back as by_word on by_word.n = occurrence.n and by_word.file = said.file
where said.is_held = 0
    and not exists (
        select 1 from spell
        where spell.unit = occurrence.unit and spell.item = occurrence.item
            and spell.begins < known_version.received
            and (spell.ends is null or known_version.received <= spell.ends)
    );

-- A month's record: its newest good word, if the version that counts names the item at all
-- (with an error, the version before speaks; without a word, nobody does).
create temporary view record as
select word.n, word.month, word.file
from (select n, month, max(turn) as turn from word where is_good = 1 group by n, month) as newest
join word on word.n = newest.n and word.month = newest.month and word.turn = newest.turn
join occurrence on occurrence.n = word.n
left join counting on word.was_closed = 0 and counting.unit = occurrence.unit
    and counting.month = word.month and counting.plan = occurrence.plan
left join counting_for_item on counting_for_item.n = word.n and counting_for_item.month = word.month
left join said as named on named.file = coalesce(counting.file, counting_for_item.file)
    and named.item = occurrence.item and named.file <> word.file
where word.file = coalesce(counting.file, counting_for_item.file) or named.item is not null;

-- The city's own corrections, made while the item was open.
create temporary view correction as
select occurrence.n, rulings.r, rulings.at, rulings.month, rulings.state, rulings.done_on, rulings.done,
    rulings.total, rulings.counted_on, rulings.promised_on
from known_ruling as rulings
join occurrence on occurrence.unit = rulings.unit and occurrence.item = rulings.item
where rulings.kind = 'correct'
    and not exists (
        select 1 from spell
        where spell.unit = rulings.unit and spell.item = rulings.item
            and spell.begins < rulings.at and (spell.ends is null or rulings.at <= spell.ends)
    );

-- Occurrences whose newest word was sent back, and that neither a word nor a correction has answered since.
create temporary view returned as
select last_word.n
from (select n, max(turn) as turn from word group by n) as last_word
join word on word.n = last_word.n and word.turn = last_word.turn
left join correction on correction.n = last_word.n and correction.month >= word.month
where word.is_good = 0 and correction.n is null;

-- What sheets close is not closed by a claim: their record takes the place of the unit's words that say done.
-- While the item is verified nothing touches it.
create temporary view closed_by_sheets as
select occurrence.n, sheet.*
from sheet
join occurrence on occurrence.unit = sheet.unit and occurrence.item = sheet.item
where not exists (
    select 1 from spell
    where spell.unit = sheet.unit and spell.item = sheet.item
        and spell.begins < sheet.known and (spell.ends is null or sheet.known <= spell.ends)
);

-- All that counts as said, in the order of months; a correction comes after its month's word, and stands until a
-- later month names the item again. One that the city made after the sheets came stands after them. (turn: first
-- whether it is of the units, the sheets, or the city after them; then the month; then the ruling's number.)
create temporary view candidate as
select record.n, 0 as r, record.file, record.month, record.month * 1000000000000 as turn
from record
left join closed_by_sheets on closed_by_sheets.n = record.n
left join occurrence on occurrence.n = closed_by_sheets.n
left join said as claim on claim.file = record.file and claim.item = occurrence.item and claim.state = 'done'
where claim.file is null
union all
select correction.n, correction.r, null, correction.month,
    correction.month * 1000000000000 + correction.r
        + case when correction.at > closed_by_sheets.known then 4000000000000000000 else 0 end
from correction
left join closed_by_sheets on closed_by_sheets.n = correction.n
union all
select n, 0, null, month, 2000000000000000000
from closed_by_sheets
where known is not null;

-- The record that stands: the last of them.
create temporary view last_record as
select
    candidate.n, candidate.r, candidate.file, candidate.month,
    coalesce(known_version.received, correction.at, sheets.known) as known,
    coalesce(said.state, correction.state, sheets.state) as state,
    coalesce(said.done_on, correction.done_on, sheets.done_on) as done_on,
    coalesce(said.done, correction.done, sheets.done) as done,
    coalesce(said.total, correction.total, sheets.total) as total,
    -- A number without a day was counted at the end of its month.
    coalesce(
        said.counted_on, case when said.done is not null then known_version.month_end end, correction.counted_on,
        sheets.counted_on
    ) as counted_on,
    said.verified_on,
    coalesce(said.promised_on, correction.promised_on) as promised_on
from (select n, max(turn) as turn from candidate group by n) as latest
join candidate on candidate.n = latest.n and candidate.turn = latest.turn
join occurrence on occurrence.n = latest.n
left join known_version on known_version.file = candidate.file
left join said on said.file = candidate.file and said.item = occurrence.item
left join correction on candidate.r > 0 and correction.n = candidate.n and correction.r = candidate.r
left join closed_by_sheets as sheets on candidate.r = 0 and candidate.file is null and sheets.n = candidate.n;

-- rest = "unchanged": the unit stands by what it said for one more month, where no answer was required of it:
-- not for what has newly fallen due, falls due within the warning window, or whose period ends.
create temporary view asserted as
select last_record.n, max(counting.month) as month
from last_record
join occurrence on occurrence.n = last_record.n
join counting on counting.unit = occurrence.unit and counting.plan = occurrence.plan
    and counting.is_unchanged = 1 and counting.month > last_record.month
where not (
        occurrence.due is not null
        and occurrence.contributes = 0
        and (
            (counting.month - 1 <= occurrence.due and occurrence.due <= counting.month_end)
            or (
                occurrence.period_end is not null
                and counting.month <= occurrence.period_end and occurrence.period_end <= counting.month_end
            )
            or (
                occurrence.opens <= counting.month_end and counting.month_end < occurrence.due
                and occurrence.due - counting.month_end <= occurrence.warning_days
                and occurrence.due - counting.month_end
                    <= cast((occurrence.due - occurrence.opens + 1) / 3.0 as integer)
            )
        )
    )
    and (
        last_record.file is not null
        or exists (select 1 from record as earlier where earlier.n = last_record.n and earlier.month < counting.month)
    )
    and not exists (select 1 from record as named where named.n = last_record.n and named.month = counting.month)
group by last_record.n;

-- Numbers of the whole city are the sum of the units' numbers, rounded so that the order in which they are added
-- changes nothing.
create temporary view pooled as
select
    sums.*,
    case
        when sums.is_share = 0 then sums.done
        when sums.total is null then 1e2
        else 1e2 * sums.done / sums.total
    end as reached
from (
    select
        occurrence.programme,
        occurrence.item,
        max(occurrence.is_share) as is_share,
        max(occurrence.needed_of_all) as needed,
        cast(round(sum(last_record.done), 6) as double) as done,
        nullif(cast(round(sum(coalesce(last_record.total, 0)), 6) as double), 0) as total,
        count(last_record.done) as reported,
        count(*) as asked,
        max(case when last_record.done is not null then last_record.counted_on end) as counted_on,
        max(case when last_record.done is not null then last_record.known end) as known
    from occurrence
    left join last_record on last_record.n = occurrence.n
    where occurrence.is_pooled = 1
    group by occurrence.programme, occurrence.item
) as sums
where sums.reported > 0;

-- The rulings on an occurrence; some may be made on all periods of its milestone at once.
create temporary view ruled as
select
    occurrence.n, rulings.r, rulings.kind, rulings.at, rulings.at_day, rulings.until, rulings.granted, rulings.ground,
    rulings.as_of
from known_ruling as rulings
join occurrence on occurrence.unit = rulings.unit and occurrence.item = rulings.item
union all
select
    occurrence.n, rulings.r, rulings.kind, rulings.at, rulings.at_day, rulings.until, rulings.granted, rulings.ground,
    rulings.as_of
from known_ruling as rulings
join occurrence on occurrence.unit = rulings.unit and occurrence.milestone = rulings.item
where occurrence.item <> rulings.item and rulings.kind in ('waive', 'suspend', 'reopen');

-- Whether it is done: the last word of the city on that.
create temporary view closing_ruling as
select n, kind, at, at_day
from (
    select ruled.*, row_number() over (partition by n order by r desc) as back
    from ruled
    where kind in ('verify', 'refuse', 'reopen')
) as ranked
where back = 1;

-- The day on which it was done, by a claim that no ruling has undone, or by the city's verification.
create temporary view was_done as
select occurrence.n, occurrence.unit, occurrence.milestone, coalesce(last_record.done_on, closing_ruling.at_day) as day
from occurrence
join clock on clock.programme = occurrence.programme
left join last_record on last_record.n = occurrence.n
left join closing_ruling on closing_ruling.n = occurrence.n
where occurrence.every is not null
    and (
        closing_ruling.kind = 'verify'
        or (
            last_record.done_on <= clock.as_of
            and (closing_ruling.n is null or last_record.known > closing_ruling.at)
        )
    );

-- Where the plan counts from the day it was last done, the next one is due so long after that day.
create temporary view last_done as
select occurrence.n, after_done(max(earlier.day), max(occurrence.every)) as due
from occurrence
join was_done as earlier on earlier.unit = occurrence.unit and earlier.milestone = occurrence.milestone
where occurrence.every is not null and earlier.day < occurrence.opens
group by occurrence.n;

-- Waived, suspended or closed as explained, by the last such ruling.
create temporary view ruled_out as
select n, case kind when 'waive' then ground when 'suspend' then 'suspended' else 'explained' end as status
from (
    select ruled.*, row_number() over (partition by n order by r desc) as back
    from ruled
    where kind in ('waive', 'suspend', 'close', 'reopen')
) as ranked
where back = 1
    and kind <> 'reopen'
    and (kind <> 'suspend' or until is null or until >= as_of);

-- The last day that was granted.
create temporary view granted as
select n, max(until) as until
from ruled
where kind = 'extend' and granted = 1 and until is not null
group by n;

-- Everything there is to know of one occurrence. The due day is the scheduled one, or the last that was granted.
create temporary view fact as
select
    occurrence.*,
    clock.as_of, clock.month as this_month, clock.records_from, clock.behind_points,
    coalesce(last_done.due, occurrence.due) as scheduled,
    case
        when occurrence.due is null then null
        when granted.until > coalesce(last_done.due, occurrence.due) then granted.until
        else coalesce(last_done.due, occurrence.due)
    end as day,
    case when last_record.n is null then 0 else 1 end as has_record,
    last_record.r, last_record.file, last_record.month, last_record.known, last_record.state, last_record.done_on,
    last_record.done, last_record.total, last_record.verified_on, last_record.promised_on,
    closing_ruling.kind as closing, closing_ruling.at as closed_at, closing_ruling.at_day as closed_on,
    ruled_out.status as ruled_out,
    case when returned.n is null then 0 else 1 end as is_returned,
    pooled.reported, pooled.asked, pooled.done as pooled_done, pooled.total as pooled_total,
    pooled.reached as pooled_reached, pooled.needed as pooled_needed, pooled.counted_on as pooled_on,
    pooled.known as pooled_known,
    asserted.month as asserted
from occurrence
join clock on clock.programme = occurrence.programme
left join last_done on last_done.n = occurrence.n
left join granted on granted.n = occurrence.n
left join last_record on last_record.n = occurrence.n
left join closing_ruling on closing_ruling.n = occurrence.n
left join ruled_out on ruled_out.n = occurrence.n
left join returned on returned.n = occurrence.n
left join asserted on asserted.n = occurrence.n
left join pooled on pooled.programme = occurrence.programme and pooled.item = occurrence.item
    and occurrence.is_pooled = 1;

-- The number against its target: the city's sum where it is one number for the city.
create temporary view counted as
select
    fact.*,
    case when pooled_needed <> 0 then 1e2 * pooled_reached / pooled_needed else 1e2 end as pooled_share,
    case when reported is not null and has_quota = 0 then 1 else 0 end as is_sum,
    case when reported is not null and has_quota = 0 then pooled_needed else needed end as number_needed,
    case
        when reported is not null and has_quota = 0 then pooled_reached
        when is_share = 0 then done
        when done is not null and (total is null or total = 0) then 1e2
        else 1e2 * done / total
    end as number_reached,
    case
        when day is null then null
        when warning_days < cast((day - opens + 1) / 3.0 as integer) then warning_days
        else cast((day - opens + 1) / 3.0 as integer)
    end as warning_window
from fact;

-- The day it was done: the one named, that on which a number of the whole city was reached, or that of the city's
-- verification.
create temporary view dated as
select
    counted.*,
    case
        when done_on is not null then done_on
        when has_record = 0 and has_quota = 0 and reported is not null and grows = 1 and pooled_share >= 100 then
            case when pooled_on < as_of then pooled_on else as_of end
        when closing = 'verify' then closed_on
    end as done_day,
    case when number_needed <> 0 then 1e2 * number_reached / number_needed else 1e2 end as share
from counted;

-- Done is what the city has verified, or what is said to be done on a day that has come, unless the city has since
-- refused or re-opened it; a number of the whole city is said by the last unit that said its own.
create temporary view claimed as
select
    dated.*,
    case
        when closing = 'verify' then 1
        when closing is not null and coalesce(known, pooled_known) <= closed_at then 0
        when done_day <= as_of then 1
        else 0
    end as is_done
from dated;

-- The first rule that applies, in the order of design 3.4.
create temporary view judged as
select
    claimed.*,
    case
        when kind in ('standing', 'continuing') then 'continuing'
        when contributes = 1 then 'contributing'
        when ruled_out is not null then ruled_out
        when closing = 'verify' then 'verified'
        when is_done = 1 and closer = 'county' and verified_on <= as_of then 'verified'
        when is_done = 1 then 'done'
        -- Fell due, or its period ended, before the books were opened, and nobody has named it since.
        when has_record = 0 and (day < records_from or (day is not null and period_end < records_from))
            then 'before-records'
        when as_of > day then
            case
                when waits_on = 1 then 'waiting'
                when has_record = 0 and is_sum = 0 then 'unreported'
                when as_of > period_end then 'missed'
                else 'overdue'
            end
        when state = 'blocked' then case when waits_on = 1 then 'waiting' else 'blocked' end
        when is_returned = 1 then 'returned'
        -- A claim of done that the city found untrue, and that no later word has answered.
        when done_on is not null and closing = 'refuse' and known <= closed_at then 'returned'
        when as_of < opens then 'not-due'
        when as_of >= day - warning_window then case when waits_on = 1 then 'waiting' else 'due-soon' end
        -- A growing number whose share lies more than the threshold below the share of time.
        when number_reached is not null and day is not null and grows = 1
            and share + behind_points
                < 1e2 * (as_of - opens) / case when day - opens > 1 then day - opens else 1 end
            then 'behind'
        when is_sum = 1 or state = 'in-progress' then 'on-track'
        else 'not-due'
    end as status
from claimed;

-- Days late: up to the day it was done, or up to the day looked at while it is open.
create temporary view standing as
select
    n, status, scheduled, day as due, r, file,
    case when status in ('done', 'verified') then done_day end as done_on,
    case
        when day is null or waits_on = 1 then 0
        when status in ('done', 'verified') and done_day is not null then
            case when done_day > day then done_day - day else 0 end
        when status in ('overdue', 'missed', 'unreported') and as_of > day then as_of - day
        else 0
    end as days_late,
    case
        when scheduled is null
            or status in (
                'not-applicable', 'adjusted', 'terminated', 'suspended', 'continuing', 'contributing',
                'before-records', 'waiting', 'explained'
            ) then 0
        when status in ('done', 'verified') and done_day is not null then
            case when done_day > scheduled then done_day - scheduled else 0 end
        when as_of > scheduled then as_of - scheduled
        else 0
    end as days_late_scheduled,
    is_sum,
    number_needed as needed,
    number_reached as reached,
    case when is_sum = 1 then pooled_done else done end as done,
    case when is_sum = 1 then pooled_total else total end as total,
    case when is_sum = 1 then reported else 1 end as reported,
    case when is_sum = 1 then asked else 1 end as asked,
    case when is_sum = 1 then pooled_on end as counted_on,
    has_record,
    case when asserted > month then asserted else month end as asserted,
    case
        when has_record = 1 and is_done = 0 and (case when asserted > month then asserted else month end) < this_month
            then 1
        else 0
    end as is_carried,
    case
        when period_end is null then 1
        when opens <= as_of and (as_of <= period_end or as_of <= day) then 1
        else 0
    end as is_current,
    promised_on
from judged;
