-- Our KPIs, edition 2020-21
-- fingerprint 6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125
-- for SQL Server, drawn by ragengine export: change the rules, not this file
--
-- rag_bands is the band table, and rag_ratings rates every row of council.measurements, which has:
--   kpi: text: id of the KPI, as the rule files have it
--   entity: text: organisation or team; null for none
--   period_end: date: last day of the period, which decides what rule is in force
--   value: number: null where there is none
--   value_text: text: a value in words, or the symbol that stands for none (c, z, ..); else null
--   numerator: number
--   denominator: number
--   excluded: number: how many of the denominator do not count
--   causes: text: separated by commas or semicolons
-- Numbers are exact. A value has up to 15 digits before the point and any number after it;
-- counts have up to 11 and 3, a target 12 and 15, inputs of formulas 12 and 15.
-- What has more is invalid, as NaN is: nothing is rounded.
-- Columns of numbers must be DECIMAL or integers: a float is taken as it is stored, not as it prints.
-- Left out, for one query cannot rate them exactly; their rag is null:
--   early-help.visits: persistence looks at the levels of the periods before

DROP VIEW IF EXISTS rag_ratings;
DROP TABLE IF EXISTS rag_bands;

CREATE TABLE rag_bands (
  kpi NVARCHAR(4000),
  title NVARCHAR(4000),
  entity NVARCHAR(4000),
  valid_from DATE,
  valid_until DATE,
  conditions NVARCHAR(4000),
  held NVARCHAR(4000),
  given NVARCHAR(4000),
  word NVARCHAR(4000),
  lower DECIMAL(2, 0),
  lower_included BIT,
  upper DECIMAL(2, 0),
  upper_included BIT,
  lower_per_target DECIMAL(1, 0),
  upper_per_target DECIMAL(1, 0),
  lower_per_size DECIMAL(1, 0),
  upper_per_size DECIMAL(1, 0),
  computed NVARCHAR(4000),
  adjusted NVARCHAR(4000),
  rag NVARCHAR(4000),
  reason NVARCHAR(4000),
  grace NVARCHAR(4000),
  band NVARCHAR(4000),
  target_low DECIMAL(2, 0),
  target_high DECIMAL(2, 0),
  target_side NVARCHAR(4000),
  target_needed NVARCHAR(4000),
  minimum_n INTEGER,
  valid_min DECIMAL(1, 0),
  valid_max DECIMAL(1, 0),
  carry_forward NVARCHAR(4000),
  value_from NVARCHAR(4000),
  besides NVARCHAR(4000),
  area NVARCHAR(4000),
  [rule] NVARCHAR(4000),
  edition NVARCHAR(4000),
  fingerprint NVARCHAR(4000)
);

INSERT INTO rag_bands (kpi, title, entity, valid_from, valid_until, conditions, held, given, word, lower, lower_included, upper, upper_included, lower_per_target, upper_per_target, lower_per_size, upper_per_size, computed, adjusted, rag, reason, grace, band, target_low, target_high, target_side, target_needed, minimum_n, valid_min, valid_max, carry_forward, value_from, besides, area, [rule], edition, fingerprint) VALUES
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', NULL, CAST('2019-03-31' AS DATE), '', '', 'value', '', NULL, NULL, NULL, NULL, 0, 0, 0, 0, 'grey', 'grey', 'grey', 'no target', '', '', NULL, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2019-04-01' AS DATE), CAST('2020-03-22' AS DATE), '', '', 'value', '', NULL, NULL, 75, 0, 0, 0, 0, 0, 'red', 'red', 'red', '', '', 'below 75%', 85, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2019-04-01' AS DATE), CAST('2020-03-22' AS DATE), '', '', 'value', '', 75, 1, 85, 0, 0, 0, 0, 0, 'amber', 'amber', 'amber', '', '', 'from 75% to below 85%', 85, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2019-04-01' AS DATE), CAST('2020-03-22' AS DATE), '', '', 'value', '', 85, 1, NULL, NULL, 0, 0, 0, 0, 'green', 'green', 'green', '', '', 'at least 85%', 85, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-03-23' AS DATE), CAST('2020-03-31' AS DATE), '"covid" in causes', 'no', 'value', '', NULL, NULL, 75, 0, 0, 0, 0, 0, 'red', 'red', 'red', '', '', 'below 75%', 85, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-03-23' AS DATE), CAST('2020-03-31' AS DATE), '"covid" in causes', 'no', 'value', '', 75, 1, 85, 0, 0, 0, 0, 0, 'amber', 'amber', 'amber', '', '', 'from 75% to below 85%', 85, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-03-23' AS DATE), CAST('2020-03-31' AS DATE), '"covid" in causes', 'no', 'value', '', 85, 1, NULL, NULL, 0, 0, 0, 0, 'green', 'green', 'green', '', '', 'at least 85%', 85, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-03-23' AS DATE), CAST('2020-03-31' AS DATE), '"covid" in causes', 'yes', 'value', '', NULL, NULL, 75, 0, 0, 0, 0, 0, 'red', 'amber', 'amber', '', 'covid-19', 'below 75%', 85, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-03-23' AS DATE), CAST('2020-03-31' AS DATE), '"covid" in causes', 'yes', 'value', '', 75, 1, 85, 0, 0, 0, 0, 0, 'amber', 'amber', 'amber', '', '', 'from 75% to below 85%', 85, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-03-23' AS DATE), CAST('2020-03-31' AS DATE), '"covid" in causes', 'yes', 'value', '', 85, 1, NULL, NULL, 0, 0, 0, 0, 'green', 'green', 'green', '', '', 'at least 85%', 85, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-04-01' AS DATE), CAST('2020-09-30' AS DATE), '"covid" in causes', 'no', 'value', '', NULL, NULL, 80, 0, 0, 0, 0, 0, 'red', 'red', 'red', '', '', 'below 80%', 90, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-04-01' AS DATE), CAST('2020-09-30' AS DATE), '"covid" in causes', 'no', 'value', '', 80, 1, 90, 0, 0, 0, 0, 0, 'amber', 'amber', 'amber', '', '', 'from 80% to below 90%', 90, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-04-01' AS DATE), CAST('2020-09-30' AS DATE), '"covid" in causes', 'no', 'value', '', 90, 1, NULL, NULL, 0, 0, 0, 0, 'green', 'green', 'green', '', '', 'at least 90%', 90, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-04-01' AS DATE), CAST('2020-09-30' AS DATE), '"covid" in causes', 'yes', 'value', '', NULL, NULL, 80, 0, 0, 0, 0, 0, 'red', 'amber', 'amber', '', 'covid-19', 'below 80%', 90, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-04-01' AS DATE), CAST('2020-09-30' AS DATE), '"covid" in causes', 'yes', 'value', '', 80, 1, 90, 0, 0, 0, 0, 0, 'amber', 'amber', 'amber', '', '', 'from 80% to below 90%', 90, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-04-01' AS DATE), CAST('2020-09-30' AS DATE), '"covid" in causes', 'yes', 'value', '', 90, 1, NULL, NULL, 0, 0, 0, 0, 'green', 'green', 'green', '', '', 'at least 90%', 90, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-10-01' AS DATE), NULL, '', '', 'value', '', NULL, NULL, 80, 0, 0, 0, 0, 0, 'red', 'red', 'red', '', '', 'below 80%', 90, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-10-01' AS DATE), NULL, '', '', 'value', '', 80, 1, 90, 0, 0, 0, 0, 0, 'amber', 'amber', 'amber', '', '', 'from 80% to below 90%', 90, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.seen-10-days', 'Children seen within 10 working days', '', CAST('2020-10-01' AS DATE), NULL, '', '', 'value', '', 90, 1, NULL, NULL, 0, 0, 0, 0, 'green', 'green', 'green', '', '', 'at least 90%', 90, NULL, '', '', NULL, NULL, NULL, '3 months', 'value or counts', '', 'early-help', 'early-help.toml:5', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.audit', 'The team''s audit', '', NULL, NULL, '', '', 'value', 'no', NULL, NULL, NULL, NULL, 0, 0, 0, 0, 'red', 'red', 'red', '', '', '', NULL, NULL, '', '', NULL, NULL, NULL, '3 months', 'word', '', 'early-help', 'early-help.toml:13', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.audit', 'The team''s audit', '', NULL, NULL, '', '', 'value', 'yes', NULL, NULL, NULL, NULL, 0, 0, 0, 0, 'green', 'green', 'green', '', '', '', NULL, NULL, '', '', NULL, NULL, NULL, '3 months', 'word', '', 'early-help', 'early-help.toml:13', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125'),
  ('early-help.visits', 'Visits', '', NULL, NULL, '', '', 'anything', '', NULL, NULL, NULL, NULL, 0, 0, 0, 0, NULL, NULL, NULL, 'left out: persistence looks at the levels of the periods before', '', '', NULL, NULL, '', '', NULL, NULL, NULL, '', '', 'persistence looks at the levels of the periods before', 'early-help', 'early-help.toml:17', '2020-21', '6689599deef3855f593434d4ada852df39de533e58d7dd1016e742d518b5d125');

GO

CREATE VIEW rag_ratings AS
WITH rag_rules AS (
  -- what is read of each rule
  SELECT DISTINCT kpi, entity, valid_from, valid_until, area, [rule], value_from, conditions, minimum_n, target_low, target_high, target_side, target_needed, valid_min, valid_max, carry_forward
  FROM rag_bands
),
rag_read AS (
  -- each row, and its numbers as texts
  SELECT
    m.kpi,
    m.entity,
    m.period_end,
    m.value,
    m.value_text,
    m.numerator,
    m.denominator,
    m.excluded,
    m.causes,
    LOWER(CAST(m.value AS NVARCHAR(4000))) AS rag_text_value,
    LOWER(CAST(m.numerator AS NVARCHAR(4000))) AS rag_text_numerator,
    LOWER(CAST(m.denominator AS NVARCHAR(4000))) AS rag_text_denominator,
    LOWER(CAST(m.excluded AS NVARCHAR(4000))) AS rag_text_excluded
  FROM council.measurements AS m
),
rag_given AS (
  -- each row with its rule; numbers as exact ones, null where they are none
  SELECT
    m.*,
    CAST(m.period_end AS DATE) AS rag_day,
    COALESCE(m.entity, '') AS rag_who,
    CASE
      WHEN ABS(m.value) < 1000000000000000 THEN CASE
        WHEN CHARINDEX('.', m.rag_text_value) > 0 AND REPLACE(SUBSTRING(m.rag_text_value, CHARINDEX('.', m.rag_text_value) + 22, 400), '0', '') <> '' THEN CAST(CONCAT(SUBSTRING(m.rag_text_value, 1, CHARINDEX('.', m.rag_text_value) + 21), '5') AS DECIMAL(37, 22))
        ELSE CAST(m.value AS DECIMAL(37, 22))
      END
    END AS rag_value,
    CASE
      WHEN ABS(m.numerator) < 100000000000 THEN CASE
        WHEN CHARINDEX('.', m.rag_text_numerator) > 0 AND REPLACE(SUBSTRING(m.rag_text_numerator, CHARINDEX('.', m.rag_text_numerator) + 4, 400), '0', '') <> '' THEN NULL
        ELSE CAST(m.numerator AS DECIMAL(14, 3))
      END
    END AS rag_numerator,
    CASE
      WHEN ABS(m.denominator) < 100000000000 THEN CASE
        WHEN CHARINDEX('.', m.rag_text_denominator) > 0 AND REPLACE(SUBSTRING(m.rag_text_denominator, CHARINDEX('.', m.rag_text_denominator) + 4, 400), '0', '') <> '' THEN NULL
        ELSE CAST(m.denominator AS DECIMAL(14, 3))
      END
    END AS rag_denominator,
    CASE
      WHEN ABS(m.excluded) < 100000000000 THEN CASE
        WHEN CHARINDEX('.', m.rag_text_excluded) > 0 AND REPLACE(SUBSTRING(m.rag_text_excluded, CHARINDEX('.', m.rag_text_excluded) + 4, 400), '0', '') <> '' THEN NULL
        ELSE CAST(m.excluded AS DECIMAL(14, 3))
      END
    END AS rag_excluded,
    CONCAT(';', TRIM(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(REPLACE(LOWER(COALESCE(m.causes, '')), ',', ';'), CHAR(9), ' '), ' ', '<>'), '><', ''), '<>', ' '), '; ', ';'), ' ;', ';')), ';') AS rag_causes,
    r.kpi AS rag_kpi,
    r.entity AS rag_entity,
    r.valid_until AS rag_valid_until,
    r.area AS rag_area,
    r.[rule] AS rag_rule,
    r.value_from AS rag_value_from,
    r.conditions AS rag_conditions,
    r.minimum_n AS rag_minimum_n,
    r.target_low AS rag_target_low,
    r.target_high AS rag_target_high,
    r.target_side AS rag_target_side,
    r.target_needed AS rag_target_needed,
    r.valid_min AS rag_valid_min,
    r.valid_max AS rag_valid_max,
    r.carry_forward AS rag_carry_forward
  FROM rag_read AS m
  LEFT JOIN rag_rules AS r
    ON r.kpi = m.kpi AND r.entity = ''
    AND (r.valid_from IS NULL OR r.valid_from <= CAST(m.period_end AS DATE))
    AND (r.valid_until IS NULL OR r.valid_until >= CAST(m.period_end AS DATE))
),
rag_stated AS (
  -- what each cell holds: a number, nothing, or why it is none
  SELECT
    g.*,
    rag_denominator - COALESCE(rag_excluded, 0) AS rag_counted,
    COALESCE(NULLIF(LOWER(COALESCE(TRIM(REPLACE(REPLACE(value_text, CHAR(9), ' '), N' ', ' ')), '')), ''), rag_text_value, '') AS rag_said,
    COALESCE(NULLIF(LOWER(COALESCE(TRIM(REPLACE(REPLACE(value_text, CHAR(9), ' '), N' ', ' ')), '')), ''), rag_text_value, '') AS rag_own_word,
    CASE
      WHEN rag_value IS NOT NULL THEN 'value'
      WHEN value IS NOT NULL THEN 'invalid'
      WHEN COALESCE(TRIM(REPLACE(REPLACE(value_text, CHAR(9), ' '), N' ', ' ')), '') IN ('') THEN ''
      WHEN COALESCE(TRIM(REPLACE(REPLACE(value_text, CHAR(9), ' '), N' ', ' ')), '') IN ('c', '[c]', '*') THEN 'suppressed'
      WHEN COALESCE(TRIM(REPLACE(REPLACE(value_text, CHAR(9), ' '), N' ', ' ')), '') IN ('z', '[z]', 'n/a', 'N/A') THEN 'not applicable'
      WHEN COALESCE(TRIM(REPLACE(REPLACE(value_text, CHAR(9), ' '), N' ', ' ')), '') IN (':', 'x', '[x]', '..', '-', N'–', 'TBC', 'tbc', 'u', '[u]', 'w', '[w]') THEN 'no data'
      WHEN COALESCE(TRIM(REPLACE(REPLACE(value_text, CHAR(9), ' '), N' ', ' ')), '') IN ('k', '[k]', 'low', '[low]') THEN 'small numbers'
      ELSE 'invalid'
    END AS rag_is_value,
    CASE
      WHEN rag_numerator IS NOT NULL THEN 'value'
      WHEN numerator IS NOT NULL THEN 'invalid'
      ELSE ''
    END AS rag_is_numerator,
    CASE
      WHEN rag_denominator IS NOT NULL THEN 'value'
      WHEN denominator IS NOT NULL THEN 'invalid'
      ELSE ''
    END AS rag_is_denominator,
    CASE WHEN rag_excluded IS NOT NULL THEN 'value' WHEN excluded IS NOT NULL THEN 'invalid' ELSE '' END AS rag_is_excluded
  FROM rag_given AS g
),
rag_made AS (
  -- the value: a number, or a ratio that is never divided out
  SELECT
    s.*,
    rag_value AS rag_own_number,
    CASE
      WHEN rag_value_from = 'value or counts' AND rag_is_value = '' THEN CAST(100 AS DECIMAL(3, 0)) * rag_numerator
    END AS rag_own_over,
    CASE
      WHEN rag_value_from = 'value or counts' AND rag_is_value = '' THEN CASE WHEN rag_counted > 0 THEN rag_counted END
    END AS rag_own_under
  FROM rag_stated AS s
),
rag_judged AS (
  -- the first state that holds
  SELECT
    r.*,
    CASE
      WHEN rag_kpi IS NULL THEN 'invalid'
      WHEN rag_value_from = 'word' THEN CASE
        WHEN w.word IS NOT NULL THEN 'value'
        WHEN rag_is_value = 'value' THEN 'invalid'
        ELSE CASE WHEN rag_is_value = '' THEN 'nothing' ELSE rag_is_value END
      END
      ELSE CASE
        WHEN rag_is_value = 'value' THEN CASE
          WHEN ABS(CAST(2 AS DECIMAL(1, 0)) * CASE WHEN ABS(rag_value) < 10000 THEN CAST(rag_value AS DECIMAL(13, 9)) END * rag_counted - CAST(200 AS DECIMAL(3, 0)) * rag_numerator) > CAST(1 AS DECIMAL(1, 0)) * rag_counted AND ABS(CAST(200 AS DECIMAL(3, 0)) * CASE WHEN ABS(rag_value) < 10000 THEN CAST(rag_value AS DECIMAL(13, 9)) END * rag_counted - CAST(200 AS DECIMAL(3, 0)) * rag_numerator) <= CAST(1 AS DECIMAL(1, 0)) * rag_counted AND (CASE
            WHEN rag_is_numerator = '' AND rag_is_denominator = '' THEN 'nothing'
            WHEN rag_is_numerator = 'invalid' OR rag_is_denominator = 'invalid' OR rag_is_excluded = 'invalid' OR rag_numerator < 0 OR rag_denominator < 0 OR rag_excluded < 0 OR rag_excluded > rag_denominator THEN 'invalid'
            WHEN rag_is_numerator = '' OR rag_is_denominator = '' THEN 'nothing'
            WHEN rag_counted = 0 AND rag_numerator = 0 THEN 'no cases (0 of 0)'
            WHEN rag_counted = 0 THEN 'division by zero'
            ELSE CASE WHEN rag_value_from = 'value or counts' THEN 'value' ELSE 'missing input' END
          END) = 'value' THEN 'invalid'
          ELSE 'value'
        END
        WHEN rag_is_value <> '' THEN rag_is_value
        ELSE CASE
          WHEN rag_is_numerator = '' AND rag_is_denominator = '' THEN 'nothing'
          WHEN rag_is_numerator = 'invalid' OR rag_is_denominator = 'invalid' OR rag_is_excluded = 'invalid' OR rag_numerator < 0 OR rag_denominator < 0 OR rag_excluded < 0 OR rag_excluded > rag_denominator THEN 'invalid'
          WHEN rag_is_numerator = '' OR rag_is_denominator = '' THEN 'nothing'
          WHEN rag_counted = 0 AND rag_numerator = 0 THEN 'no cases (0 of 0)'
          WHEN rag_counted = 0 THEN 'division by zero'
          ELSE CASE WHEN rag_value_from = 'value or counts' THEN 'value' ELSE 'missing input' END
        END
      END
    END AS rag_own_state
  FROM rag_made AS r
  LEFT JOIN (SELECT DISTINCT kpi, entity, word FROM rag_bands WHERE word <> '') AS w
    ON w.kpi = r.rag_kpi AND w.entity = r.rag_entity AND w.word = r.rag_said
),
rag_valued AS (
  -- rows with a value of their own, one for each day
  SELECT *
  FROM (
    SELECT kpi, rag_who, rag_day, rag_own_number, rag_own_over, rag_own_under, rag_own_word, rag_numerator, rag_denominator, rag_counted, rag_causes,
      ROW_NUMBER() OVER (PARTITION BY kpi, rag_who, rag_day ORDER BY rag_own_number, rag_own_over, rag_own_under, rag_own_word) AS rag_place
    FROM rag_judged
    WHERE rag_own_state = 'value' AND rag_day IS NOT NULL
      AND rag_value_from <> ''
  ) AS v
  WHERE rag_place = 1
),
rag_latest AS (
  -- for what is missing, the day of the latest value before
  SELECT j.kpi, j.rag_who, j.rag_day, MAX(v.rag_day) AS rag_from
  FROM rag_judged AS j
  JOIN rag_valued AS v
    ON v.kpi = j.kpi AND v.rag_who = j.rag_who AND v.rag_day < j.rag_day
  WHERE j.rag_carry_forward <> '' AND j.rag_own_state IN ('nothing', 'no inputs')
  GROUP BY j.kpi, j.rag_who, j.rag_day
),
rag_carried AS (
  -- what is missing, carried forward where the rules say so
  SELECT
    j.*,
    CASE
      WHEN v.kpi IS NOT NULL AND (j.rag_carry_forward = '3 months' AND DATEADD(MONTH, 3, DATEADD(DAY, 1, l.rag_from)) <= j.rag_day) THEN 'stale'
      WHEN v.kpi IS NOT NULL THEN 'value'
      ELSE j.rag_own_state
    END AS rag_state,
    CASE WHEN v.kpi IS NOT NULL THEN v.rag_own_number ELSE j.rag_own_number END AS rag_number,
    CASE WHEN v.kpi IS NOT NULL THEN v.rag_own_over ELSE j.rag_own_over END AS rag_over,
    CASE WHEN v.kpi IS NOT NULL THEN v.rag_own_under ELSE j.rag_own_under END AS rag_under,
    CASE WHEN v.kpi IS NOT NULL THEN v.rag_own_word ELSE j.rag_own_word END AS rag_word,
    CASE WHEN v.kpi IS NOT NULL THEN v.rag_numerator ELSE j.rag_numerator END AS rag_row_numerator,
    CASE WHEN v.kpi IS NOT NULL THEN v.rag_denominator ELSE j.rag_denominator END AS rag_row_denominator,
    CASE WHEN v.kpi IS NOT NULL THEN v.rag_counted ELSE j.rag_counted END AS rag_row_counted,
    CASE
      WHEN j.rag_causes <> ';;' THEN j.rag_causes
      WHEN v.kpi IS NOT NULL THEN v.rag_causes
      ELSE j.rag_causes
    END AS rag_row_causes
  FROM rag_judged AS j
  LEFT JOIN rag_latest AS l
    ON l.kpi = j.kpi AND l.rag_who = j.rag_who AND l.rag_day = j.rag_day
    AND j.rag_carry_forward <> '' AND j.rag_own_state IN ('nothing', 'no inputs')
  LEFT JOIN rag_valued AS v
    ON v.kpi = l.kpi AND v.rag_who = l.rag_who AND v.rag_day = l.rag_from
),
rag_settled AS (
  -- what was found, as the band table has it
  SELECT
    s.*,
    CASE WHEN (rag_state = 'nothing' OR rag_state = 'no inputs') THEN 'no value' ELSE rag_state END AS rag_given,
    CASE
      WHEN rag_state = 'value' THEN 'invalid'
      WHEN rag_state = 'nothing' THEN 'no data'
      WHEN rag_state = 'no inputs' THEN 'missing input'
      ELSE rag_state
    END AS rag_why,
    rag_target_low AS rag_low,
    rag_target_high AS rag_high,
    CASE WHEN rag_value_from = 'value or counts' THEN CAST(rag_target_low AS DECIMAL(27, 15)) END AS rag_ratio_low,
    CASE WHEN rag_value_from = 'value or counts' THEN CAST(rag_target_high AS DECIMAL(27, 15)) END AS rag_ratio_high
  FROM rag_carried AS s
),
rag_asked AS (
  -- which conditions of its rule hold
  SELECT
    s.*,
    CASE
      WHEN rag_conditions = '"covid" in causes' THEN CASE WHEN (REPLACE(rag_row_causes, ';covid;', '') <> rag_row_causes) THEN 'yes' ELSE 'no' END
      ELSE ''
    END AS rag_held
  FROM rag_settled AS s
),
rag_lines AS (
  -- the bands that rows are looked up in
  SELECT
    b.*,
    CASE WHEN b.value_from = 'value or counts' THEN CAST(b.lower AS DECIMAL(2, 0)) END AS rag_lower,
    CASE WHEN b.value_from = 'value or counts' THEN CAST(b.upper AS DECIMAL(2, 0)) END AS rag_upper
  FROM rag_bands AS b
)
SELECT
  a.kpi,
  a.entity,
  a.period_end,
  a.value,
  a.value_text,
  a.numerator,
  a.denominator,
  a.excluded,
  a.causes,
  CASE WHEN b.kpi IS NULL THEN 'grey' ELSE b.rag END AS rag,
  CASE WHEN b.kpi IS NULL THEN 'grey' ELSE b.adjusted END AS adjusted,
  CASE WHEN b.kpi IS NULL THEN 'grey' ELSE b.computed END AS computed,
  CASE WHEN b.kpi IS NULL THEN a.rag_why ELSE NULLIF(b.reason, '') END AS reason,
  CASE
    WHEN a.rag_high IS NULL THEN a.rag_low
    WHEN a.rag_low IS NULL THEN a.rag_high
    WHEN ((a.rag_state = 'value' AND a.rag_value_from <> '' AND a.rag_number IS NOT NULL) AND a.rag_low - a.rag_number >= a.rag_number - a.rag_high) THEN a.rag_low
    WHEN ((a.rag_state = 'value' AND a.rag_value_from <> '' AND a.rag_number IS NOT NULL) AND a.rag_low - a.rag_number < a.rag_number - a.rag_high) THEN a.rag_high
    WHEN ((a.rag_state = 'value' AND a.rag_value_from <> '' AND a.rag_number IS NULL) AND a.rag_low - a.rag_over / a.rag_under >= a.rag_over / a.rag_under - a.rag_high) THEN a.rag_low
    WHEN ((a.rag_state = 'value' AND a.rag_value_from <> '' AND a.rag_number IS NULL) AND a.rag_low - a.rag_over / a.rag_under < a.rag_over / a.rag_under - a.rag_high) THEN a.rag_high
  END AS target,
  CASE
    WHEN ((a.rag_state = 'value' AND a.rag_value_from <> '' AND a.rag_number IS NOT NULL) AND a.rag_high IS NULL) THEN CAST(a.rag_low - a.rag_number AS DECIMAL(38, 22))
    WHEN ((a.rag_state = 'value' AND a.rag_value_from <> '' AND a.rag_number IS NOT NULL) AND a.rag_low IS NULL) THEN CAST(a.rag_number - a.rag_high AS DECIMAL(38, 22))
    WHEN ((a.rag_state = 'value' AND a.rag_value_from <> '' AND a.rag_number IS NOT NULL) AND a.rag_low - a.rag_number >= a.rag_number - a.rag_high) THEN CAST(a.rag_low - a.rag_number AS DECIMAL(38, 22))
    WHEN (a.rag_state = 'value' AND a.rag_value_from <> '' AND a.rag_number IS NOT NULL) THEN CAST(a.rag_number - a.rag_high AS DECIMAL(38, 22))
    WHEN ((a.rag_state = 'value' AND a.rag_value_from <> '' AND a.rag_number IS NULL) AND a.rag_high IS NULL) THEN CAST(a.rag_low - a.rag_over / a.rag_under AS DECIMAL(38, 22))
    WHEN ((a.rag_state = 'value' AND a.rag_value_from <> '' AND a.rag_number IS NULL) AND a.rag_low IS NULL) THEN CAST(a.rag_over / a.rag_under - a.rag_high AS DECIMAL(38, 22))
    WHEN ((a.rag_state = 'value' AND a.rag_value_from <> '' AND a.rag_number IS NULL) AND a.rag_low - a.rag_over / a.rag_under >= a.rag_over / a.rag_under - a.rag_high) THEN CAST(a.rag_low - a.rag_over / a.rag_under AS DECIMAL(38, 22))
    WHEN (a.rag_state = 'value' AND a.rag_value_from <> '' AND a.rag_number IS NULL) THEN CAST(a.rag_over / a.rag_under - a.rag_high AS DECIMAL(38, 22))
  END AS shortfall,
  NULLIF(b.band, '') AS band,
  NULLIF(b.grace, '') AS grace,
  a.rag_rule AS [rule],
  a.rag_area AS area,
  '2020-21' AS edition
FROM rag_asked AS a
LEFT JOIN rag_lines AS b
  ON b.kpi = a.rag_kpi
  AND b.entity = a.rag_entity
  AND (b.valid_from IS NULL OR b.valid_from <= a.rag_day)
  AND (b.valid_until IS NULL OR b.valid_until >= a.rag_day)
  AND (b.given = 'anything' OR (
    b.given = a.rag_given
    AND b.held = a.rag_held
    AND (b.word = '' OR b.word = a.rag_word)
    AND (b.lower IS NULL
      OR a.rag_number > b.lower OR (b.lower_included = 1 AND a.rag_number = b.lower)
      OR a.rag_over > b.rag_lower * a.rag_under OR (b.lower_included = 1 AND a.rag_over = b.rag_lower * a.rag_under))
    AND (b.upper IS NULL
      OR a.rag_number < b.upper OR (b.upper_included = 1 AND a.rag_number = b.upper)
      OR a.rag_over < b.rag_upper * a.rag_under OR (b.upper_included = 1 AND a.rag_over = b.rag_upper * a.rag_under))
  ));
GO

