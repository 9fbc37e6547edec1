/* paper_sample.h: papers of invented figures: one with one of everything, and a pack as long as a meeting's. */
#ifndef TRIBUTARY_TESTS_PAPER_SAMPLE_H
#define TRIBUTARY_TESTS_PAPER_SAMPLE_H

#include "paper/paper.h"

static const char *const sample_offices[13][2] = {
    {"桃園區公所", "Taoyuan"}, {"中壢區公所", "Zhongli"}, {"平鎮區公所", "Pingzhen"}, {"八德區公所", "Bade"},
    {"楊梅區公所", "Yangmei"}, {"蘆竹區公所", "Luzhu"},   {"大溪區公所", "Daxi"},     {"龍潭區公所", "Longtan"},
    {"龜山區公所", "Guishan"}, {"大園區公所", "Dayuan"},  {"觀音區公所", "Guanyin"},  {"新屋區公所", "Xinwu"},
    {"復興區公所", "Fuxing"}};

static inline const char *sample_say(const struct paper *paper, const char *chinese, const char *english)
{
    return paper->head.language == LANGUAGE_ZH ? chinese : english;
}

/* People of an office, and how many of them were trained: small offices swing more. */
static inline unsigned sample_people(unsigned office)
{
    static const unsigned people[13] = {312, 298, 187, 176, 165, 158, 96, 102, 149, 88, 71, 64, 38};

    return people[office];
}

static inline unsigned sample_trained(unsigned office, unsigned seed)
{
    static const unsigned percent[13] = {96, 94, 91, 97, 93, 90, 88, 95, 98, 84, 93, 97, 79};

    return sample_people(office) * ((percent[office] + seed * 7 % 5) % 101) / 100;
}

static inline const char *sample_rate(struct paper *paper, unsigned part, unsigned whole)
{
    unsigned hundredths = (part * 20000 / whole + 1) / 2;

    return arena_format(paper->arena, "%u.%02u", hundredths / 100, hundredths % 100);
}

static inline const char *sample_number(struct paper *paper, unsigned number)
{
    return arena_format(paper->arena, "%u", number);
}

static inline struct paper *sample_begin(struct arena *arena, enum language language)
{
    bool chinese = language == LANGUAGE_ZH;
    const struct paper_head head = {
        .title = chinese ? "桃園市各區公所性別主流化業務聯繫會議會議資料"
                         : "Gender Mainstreaming Liaison Meeting of the District Offices",
        .subtitle = chinese ? "第 1 組　114 年度" : "Group 1, 2025",
        .organisation = chinese ? "桃園市政府性別平等辦公室" : "Gender Equality Office, Taoyuan City Government",
        .date = chinese ? "民國 114 年 9 月 12 日" : "12 September 2025",
        .identifier = "pack-114-1",
        .moment = "2025-09-01T02:30:00.000000Z",
        .sample = chinese ? "合成樣本資料" : "Synthetic sample data",
        .language = language,
    };
    struct paper *paper = paper_in(arena, &head);

    if (!paper)
        return NULL;
    const struct paper_line lines[] = {
        {sample_say(paper, "時　　間", "Time"),
         sample_say(paper, "114 年 9 月 12 日（星期五）下午 2 時", "Friday, 12 September 2025, 14:00")},
        {sample_say(paper, "地　　點", "Place"),
         sample_say(paper, "桃園區公所四樓會議室", "Taoyuan District Office, 4th floor")},
        {sample_say(paper, "主　　席", "Chair"), sample_say(paper, "王區長○○", "District Head Wang")},
        {sample_say(paper, "出席人員", "Present"), sample_say(paper, "第 1 組各區公所、外聘委員（如簽到簿）",
                                                              "Offices of Group 1 and external members, as signed in")},
    };

    paper_cover(paper, lines, 4);
    paper_contents(paper);
    return paper;
}

/* Thirteen offices with their training, under groups of columns. */
static inline void sample_training(struct paper *paper, unsigned seed)
{
    const struct paper_column columns[] = {
        {sample_say(paper, "機關", "Office"), NULL, PAPER_WORDS, PAPER_AS_HELD, 0},
        {sample_say(paper, "男", "Men"), sample_say(paper, "現有人數", "Staff"), PAPER_NUMBER, PAPER_AS_HELD, 0},
        {sample_say(paper, "女", "Women"), sample_say(paper, "現有人數", "Staff"), PAPER_NUMBER, PAPER_AS_HELD, 0},
        {sample_say(paper, "男", "Men"), sample_say(paper, "已完成訓練", "Trained"), PAPER_NUMBER, PAPER_AS_HELD, 0},
        {sample_say(paper, "女", "Women"), sample_say(paper, "已完成訓練", "Trained"), PAPER_NUMBER, PAPER_AS_HELD, 0},
        {sample_say(paper, "參訓率", "Rate"), NULL, PAPER_RATE, PAPER_AS_HELD, 0},
        {sample_say(paper, "與目標差距（人）", "Short of the target (people)"), NULL, PAPER_NUMBER, PAPER_AS_HELD, 0},
    };
    struct paper_table *table = paper_table(
        paper, sample_say(paper, "各區公所人員性別主流化訓練參訓情形", "Gender mainstreaming training by office"),
        columns, 7, false);
    unsigned people = 0, trained = 0;

    for (unsigned i = 0; i < 13; i++) {
        unsigned whole = sample_people(i), part = sample_trained(i, seed), needed = (whole * 93 + 99) / 100;

        if (i == 0 || i == 6)
            paper_row(table, PAPER_ROW_GROUP,
                      (const char *[]){i == 0 ? sample_say(paper, "第 1 組", "Group 1")
                                              : sample_say(paper, "第 2 組", "Group 2")});
        paper_row(table, PAPER_ROW_PLAIN,
                  (const char *[]){sample_offices[i][paper->head.language], sample_number(paper, whole * 2 / 5),
                                   sample_number(paper, whole - whole * 2 / 5), sample_number(paper, part * 2 / 5),
                                   sample_number(paper, part - part * 2 / 5), sample_rate(paper, part, whole),
                                   sample_number(paper, needed > part ? needed - part : 0)});
        people += whole;
        trained += part;
    }
    paper_row(table, PAPER_ROW_TOTAL,
              (const char *[]){sample_say(paper, "全市", "City"), sample_number(paper, people * 2 / 5),
                               sample_number(paper, people - people * 2 / 5), sample_number(paper, trained * 2 / 5),
                               sample_number(paper, trained - trained * 2 / 5), sample_rate(paper, trained, people),
                               ""});
    paper_note(table, sample_say(paper, "涵蓋 13 區公所，13 區均已送件；分母為各季現有人數平均。",
                                 "All 13 offices counted; the denominator is the mean of the quarters' staff."));
    paper_note(table, sample_say(paper, "資料時點：114 年 9 月 1 日 10:30，以最新版計。",
                                 "As of 1 September 2025 10:30, latest revisions."));
}

static inline void sample_budget(struct paper *paper, unsigned seed)
{
    static const char *const names[12][2] = {{"年度", "Year"},   {"機關", "Office"},   {"計畫名稱", "Programme"},
                                             {"類型", "Type"},   {"預算數", "Budget"}, {"決算數", "Spent"},
                                             {"執行率", "Rate"}, {"受益男", "Men"},    {"受益女", "Women"},
                                             {"其他", "Other"},  {"合計", "Total"},    {"備註", "Remark"}};
    struct paper_column columns[12] = {{0}};
    struct paper_table *table;

    for (unsigned c = 0; c < 12; c++)
        columns[c] =
            (struct paper_column){.heading = names[c][paper->head.language],
                                  .group = c >= 7 && c <= 10 ? sample_say(paper, "受益人數", "Beneficiaries") : NULL,
                                  .holding = c == 6              ? PAPER_RATE
                                             : c >= 4 && c <= 10 ? PAPER_NUMBER
                                                                 : PAPER_WORDS};
    table = paper_table(paper, sample_say(paper, "各區公所性別預算執行情形", "Gender budgets by office"), columns, 12,
                        true);
    for (unsigned i = 0; i < 26; i++) {
        unsigned budget = 1250000 + i * 37123 + seed * 1111, spent = budget / 100 * (81 + i % 17), men = 120 + i * 13,
                 women = 180 + i * 17;

        paper_row(
            table, PAPER_ROW_PLAIN,
            (const char *[]){
                "114", sample_offices[i % 13][paper->head.language],
                sample_say(paper, i % 2 ? "社區性別平等培力計畫" : "新住民女性及照顧者支持服務方案（含臨托、通譯）",
                           i % 2 ? "Community empowerment"
                                 : "Support for new residents and carers, with childcare and interpreting"),
                sample_say(paper, i % 3 ? "綜合性" : "直接", i % 3 ? "mixed" : "direct"), sample_number(paper, budget),
                sample_number(paper, spent), sample_rate(paper, spent / 100, budget / 100), sample_number(paper, men),
                sample_number(paper, women), "0", sample_number(paper, men + women),
                i % 5 == 0 ? sample_say(paper, "跨年度辦理", "over two years") : ""});
    }
    paper_note(table, sample_say(paper, "單位：新臺幣元；未達目標者另附說明。復興區公所預算單獨編列。",
                                 "In NT$. Fuxing keeps a budget of its own."));
}

static inline void sample_decisions(struct paper *paper, unsigned seed)
{
    const struct paper_column columns[] = {
        {sample_say(paper, "案號", "No."), NULL, PAPER_WORDS, PAPER_CENTRE, 8},
        {sample_say(paper, "決議事項", "Decision"), NULL, PAPER_WORDS, PAPER_AS_HELD, 30},
        {sample_say(paper, "主辦機關", "Owner"), NULL, PAPER_WORDS, PAPER_AS_HELD, 12},
        {sample_say(paper, "辦理情形", "Progress"), NULL, PAPER_WORDS, PAPER_AS_HELD, 34},
        {sample_say(paper, "列管建議", "Advice"), NULL, PAPER_WORDS, PAPER_CENTRE, 10},
    };
    struct paper_table *table = paper_table(
        paper, sample_say(paper, "歷次會議決議事項列管表", "Decisions of earlier meetings"), columns, 5, false);

    for (unsigned i = 0; i < 6; i++)
        paper_row(
            table, PAPER_ROW_PLAIN,
            (const char *[]){
                arena_format(paper->arena, "%u-%02u", 113 - seed % 2, i + 1),
                sample_say(
                    paper,
                    "請各區公所於年度計畫中納入性別統計分析，並檢討專案小組委員任一性別比例未達三分之一之改善期程。",
                    "Offices are to analyse their figures by sex and say when either sex will hold a third of the working party's seats."),
                sample_offices[(i * 5 + seed) % 13][paper->head.language],
                sample_say(
                    paper,
                    "一、已於 114 年 3 月完成委員改聘，女性委員 5 人、男性委員 7 人。\n二、性別統計分析專篇業於 6 月 30 日上網公告，後續依「性別平等政策方針」按季更新。",
                    "1. Members were appointed anew in March: 5 women, 7 men.\n2. The analysis has been on the web since 30 June and is renewed each quarter."),
                sample_say(paper, i % 2 ? "繼續列管" : "解除列管", i % 2 ? "keep" : "close")});
}

static inline void sample_bars(struct paper *paper, unsigned seed)
{
    struct chart_point points[13] = {{0}};
    struct paper_chart *chart = paper_chart(
        paper, &(struct paper_chart){
                   .kind = CHART_BARS,
                   .caption = sample_say(paper, "各區公所參訓率與 93% 目標", "Training rate by office against 93%"),
                   .unit = "%",
                   .target_name = sample_say(paper, "目標 93%", "target 93%"),
                   .small_name = sample_say(paper, "員額未滿 90 人", "fewer than 90 staff")});

    for (unsigned i = 0; i < 13; i++) {
        unsigned whole = sample_people(i), part = sample_trained(i, seed), needed = (whole * 93 + 99) / 100;

        points[i] = (struct chart_point){
            .label = sample_offices[i][paper->head.language],
            .value = sample_rate(paper, part, whole),
            .target = "93",
            .remark = needed > part
                          ? arena_format(paper->arena, sample_say(paper, "差 %u 人", "%u short"), needed - part)
                          : "",
            .standing = part >= needed ? STANDING_MET : STANDING_BELOW,
            .small = whole < 90};
    }
    chart_series(chart, sample_say(paper, "參訓率", "Rate"), points, 13);
    chart_note(chart, sample_say(paper, "「差 N 人」指再有 N 人完訓即達目標。",
                                 "“N short”: the target is met once N more people are trained."));
}

static inline void sample_trend(struct paper *paper, unsigned seed)
{
    struct chart_point first[4] = {{0}}, second[4] = {{0}}, city[4] = {{0}};
    struct paper_chart *chart = paper_chart(
        paper,
        &(struct paper_chart){.kind = CHART_LINES,
                              .caption = sample_say(paper, "計畫期間參訓率趨勢", "Training rate over the plan's years"),
                              .unit = "%",
                              .target_name = sample_say(paper, "目標", "target")});

    for (unsigned i = 0; i < 4; i++) {
        const char *label =
            sample_say(paper, arena_format(paper->arena, "%u 年", 112 + i), arena_format(paper->arena, "%u", 2023 + i));
        const char *target = sample_number(paper, 91 + i);

        first[i] = (struct chart_point){
            .label = label, .value = sample_rate(paper, 881 + i * 23 + seed, 1000), .target = target};
        second[i] = (struct chart_point){
            .label = label, .value = i < 3 ? sample_rate(paper, 846 + i * 31, 1000) : NULL, .target = target};
        city[i] = (struct chart_point){
            .label = label, .value = i < 3 ? sample_rate(paper, 864 + i * 27, 1000) : NULL, .target = target};
    }
    chart_series(chart, sample_say(paper, "第 1 組", "Group 1"), first, 4);
    chart_series(chart, sample_say(paper, "第 2 組", "Group 2"), second, 4);
    chart_series(chart, sample_say(paper, "全市", "City"), city, 4);
}

/* Root of a whole number, rounded down. */
static inline unsigned sample_root(unsigned number)
{
    unsigned root = 0;

    while ((root + 1) * (root + 1) <= number)
        root++;
    return root;
}

static inline void sample_fair(struct paper *paper, enum chart_kind kind, unsigned seed)
{
    struct chart_point points[13] = {{0}}, limits[16] = {{0}};
    struct paper_chart *chart = paper_chart(
        paper, &(struct paper_chart){
                   .kind = kind,
                   .caption = kind == CHART_FUNNEL
                                  ? sample_say(paper, "參訓率公平比較（漏斗圖，95% 界限）",
                                               "Fair comparison of training rates (funnel, 95% limits)")
                                  : sample_say(paper, "參訓率之 95% 信賴區間", "Training rates with 95% intervals"),
                   .unit = "%",
                   .size_name = sample_say(paper, "現有人數", "staff"),
                   .target_name = sample_say(paper, "目標 93%", "target 93%"),
                   .small_name = sample_say(paper, "員額未滿 90 人", "fewer than 90 staff")});

    for (unsigned i = 0; i < 13; i++) {
        unsigned whole = sample_people(i), part = sample_trained(i, seed),
                 half = 490000 / 10 / sample_root(whole * 100) / 10, rate = part * 1000 / whole;

        points[i] = (struct chart_point){
            .label = sample_offices[i][paper->head.language],
            .value = sample_rate(paper, part, whole),
            .low = kind == CHART_INTERVALS ? sample_rate(paper, rate - half, 1000) : NULL,
            .high = kind == CHART_INTERVALS ? sample_rate(paper, rate + half > 1000 ? 1000 : rate + half, 1000) : NULL,
            .target = "93",
            .size = sample_number(paper, whole),
            .standing = part * 100 >= whole * 93 ? STANDING_MET : STANDING_BELOW,
            .small = whole < 90};
    }
    for (unsigned i = 0; i < 16; i++) {
        unsigned size = 20 + i * 20, half = 490 * 10 / sample_root(size * 100);

        limits[i] = (struct chart_point){.size = sample_number(paper, size),
                                         .value = "93",
                                         .low = sample_rate(paper, 930 - half, 1000),
                                         .high = sample_rate(paper, 930 + half > 1000 ? 1000 : 930 + half, 1000)};
    }
    chart_series(chart, sample_say(paper, "參訓率", "Rate"), points, 13);
    if (kind == CHART_FUNNEL)
        chart_limits(chart, limits, 16);
    chart_note(chart, sample_say(paper, "落在陰影範圍內者，其差異可能出於機遇；員額較少之機關以空心標示。",
                                 "Within the shaded room a difference may be chance; small offices are drawn hollow."));
}

static inline void sample_items(struct paper *paper)
{
    const struct paper_run runs[] = {
        {sample_say(paper, "擬辦：", "Proposed: "), true},
        {sample_say(
             paper, "提請各區公所就未達 93% 之單位，於 11 月底前完成補訓，並將結果送性別平等辦公室彙整。",
             "offices below 93% train the rest by the end of November and report to the Gender Equality Office."),
         false}};

    paper_list(paper, 1, sample_say(paper, "主席致詞（略）。", "The chair’s words."));
    paper_list(
        paper, 1,
        sample_say(
            paper,
            "確認上次會議紀錄：113 年度第 1 組聯繫會議紀錄業於 113 年 10 月 4 日府性平字第 1130280000 號函送各機關，請確認。",
            "The minutes of the last meeting, sent to all on 4 October 2024, are to be confirmed."));
    paper_list(paper, 2, sample_say(paper, "決議事項計 6 案，解除列管 3 案。", "Six decisions, three of them closed."));
    paper_list(paper, 2, sample_say(paper, "其餘 3 案繼續列管：", "Three stay open:"));
    paper_list(
        paper, 3,
        sample_say(
            paper,
            "依「桃園市各區公所推動性別主流化實施計畫（112–115 年）」第五點第三款規定，各機關應於每年 1 月 15 日前提報前一年度成果報告。",
            "By the plan for 2023–2026 each office reports on the year before by 15 January."));
    paper_item(paper, 3, runs, 2);
}

/* One of everything. */
static inline struct paper *sample_paper(struct arena *arena, enum language language)
{
    struct paper *paper = sample_begin(arena, language);

    if (!paper)
        return NULL;
    paper_heading(paper, 1, sample_say(paper, "會議議程", "Agenda"));
    sample_items(paper);
    paper_heading(paper, 1, sample_say(paper, "歷次會議決議事項辦理情形", "Earlier decisions"));
    sample_decisions(paper, 0);
    paper_heading(paper, 1, sample_say(paper, "關鍵績效指標", "Key indicators"));
    paper_heading(paper, 2, sample_say(paper, "性別主流化訓練", "Training"));
    paper_say(paper, PAPER_LEAD,
              sample_say(paper, "本年度各區公所人員參訓率如下表；「與目標差距」係指達成 93% 尚須完訓之人數。",
                         "The table gives the rate of each office and how many people it is short of 93%."));
    sample_training(paper, 1);
    sample_bars(paper, 1);
    paper_heading(paper, 3, sample_say(paper, "趨勢", "Trend"));
    sample_trend(paper, 0);
    paper_heading(paper, 3, sample_say(paper, "公平比較", "Fair comparison"));
    sample_fair(paper, CHART_FUNNEL, 1);
    sample_fair(paper, CHART_INTERVALS, 1);
    paper_heading(paper, 2, sample_say(paper, "性別預算", "Budgets"));
    sample_budget(paper, 0);
    paper_heading(paper, 1, sample_say(paper, "提案討論", "Proposals"));
    paper_list(paper, 1,
               sample_say(paper, "有關 115 年度第 1 組聯繫會議輪值秘書單位一案，提請討論。",
                          "whose turn it is to be the secretariat in 2026."));
    paper_box(paper, sample_say(paper, "決議：", "Decision:"), NULL, 0);
    paper_list(paper, 1, sample_say(paper, "臨時動議。", "other business."));
    paper_box(paper, sample_say(paper, "簽署", "Signed"),
              (const struct paper_line[]){{sample_say(paper, "紀錄", "Minutes"), ""},
                                          {sample_say(paper, "主席", "Chair"), ""}},
              2);
    return paper;
}

/* A pack of the usual length: 30 tables and 8 charts. */
static inline struct paper *sample_pack(struct arena *arena, enum language language)
{
    struct paper *paper = sample_begin(arena, language);

    if (!paper)
        return NULL;
    for (unsigned i = 0; i < 10; i++) {
        paper_heading(paper, 1, sample_say(paper, "關鍵績效指標", "Key indicators"));
        sample_decisions(paper, i);
        paper_heading(paper, 2, sample_say(paper, "性別主流化訓練", "Training"));
        sample_training(paper, i);
        if (i < 2) {
            sample_bars(paper, i);
            sample_trend(paper, i);
            sample_fair(paper, CHART_FUNNEL, i);
            sample_fair(paper, CHART_INTERVALS, i);
        }
        paper_heading(paper, 2, sample_say(paper, "性別預算", "Budgets"));
        if (i % 5 == 0)
            sample_budget(paper, i);
        else
            sample_training(paper, i + 20);
    }
    return paper;
}

#endif
