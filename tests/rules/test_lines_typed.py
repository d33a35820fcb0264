"""More lines as reps type them: typos, short forms, other languages' money, and what is no company at all.

The rep knows no company yet, so nothing but the line itself tells what the company is.
"""

from __future__ import annotations

from datetime import date

import pytest

from bot.rules.problems import NotUnderstood
from bot.rules.quick_log import parse_quick_log
from tests.rules.test_absence_lines import outcome as days_of
from tests.rules.test_quick_log_as_typed import TODAY, shown


def outcome(text: str) -> str:
    try:
        said = parse_quick_log(text, today=TODAY, first_open_day=date(2026, 11, 16))
    except NotUnderstood as problem:
        return f"refused: {problem.what}"
    if said.doubt is None:
        return shown(said)
    return "asked: " + " / ".join(shown(reading) for reading in said.readings)


LOGGED = """
met w/ Acme                            -> Acme
met with Acme                          -> Acme
Acme - closed won 12k                  -> Acme | home | 12000
no show Acme                           -> refused: no show
Acme no show                           -> refused: no show
acme 2nd base tomorrow 3pm             -> refused: tomorrow
log Acme                               -> Acme
log Acme 2nd                           -> Acme | 2nd
Acme tmrw                              -> refused: tmrw
Acme 2nd tmrw                          -> refused: tmrw
Acme yday                              -> Acme | 24.11
Acme yest                              -> Acme | 24.11
Acme 2nd yesterdy                      -> Acme | 2nd | 24.11
Acme 2nd mon                           -> Acme | 2nd | 23.11
Acme 2nd on monday                     -> Acme | 2nd | 23.11
Acme 2nd base, 3pm                     -> Acme | 2nd
Acme 2nd at 3pm                        -> Acme | 2nd
Acme 2nd 15:00                         -> Acme | 2nd
Acme 3pm                               -> Acme
Acme 2nd this morning                  -> Acme | 2nd
Acme 2nd last night                    -> Acme | 2nd | 24.11
Acme 2nd earlier today                 -> Acme | 2nd
just met Acme, 2nd                     -> asked: Acme | 2nd / just met Acme | 2nd
closed Acme 12k                        -> Acme | home | 12000
closed Acme for 12k                    -> Acme | home | 12000
Acme closed 12k                        -> Acme | home | 12000
won Acme 12k                           -> Acme | home | 12000
Acme WON!! $12k                        -> Acme | home | 12000
Acme won €12.500,00                    -> refused: €12.500,00
Acme won 12 500 €                      -> Acme | home | 12500
Acme won 12.500 EUR                    -> refused: 12.500 EUR
Acme won 12'500 CHF                    -> refused: 12'500 CHF
Acme won £8k                           -> refused: £8k
Acme won Rs 50,000                     -> refused: Rs 50,000
Acme won 1,2 Mio €                     -> Acme | home | 1200000
Acme won 1.2m                          -> Acme | home | 1200000
Acme won 12k usd                       -> Acme | home | 12000
Acme won 12K/yr                        -> refused: 12K/yr
Acme won 12k ARR                       -> Acme | home | 12000
Acme won $1k/mo                        -> refused: $1k/mo
Acme won 12k MRR                       -> refused: MRR
Acme signed 12k contract               -> Acme | home | 12000
Acme signed a 12k deal                 -> Acme | home | 12000
lost Acme                              -> asked: Acme | lost / lost Acme
Acme lost - too expensive              -> Acme | lost
Acme lost to Globex                    -> Acme | lost
Acme 2nd base w/ Bob                   -> Acme | 2nd
Acme 2nd w/ CFO                        -> Acme | 2nd
Acme (Bob) 2nd                         -> Acme (Bob) | 2nd
Acme: 2nd base                         -> Acme | 2nd
Acme => 2nd                            -> Acme | 2nd
Acme -> 2nd                            -> Acme | 2nd
Acme -> 2nd base                       -> Acme | 2nd
Acme / 2nd                             -> Acme | 2nd
Acme | 2nd | asked                     -> Acme | 2nd | asked
Acme 1st base                          -> Acme | 1st
Acme first base                        -> Acme | 1st
Acme frist                             -> Acme | 1st
Acme scnd                              -> Acme | 2nd
Acme 2bd                               -> asked: Acme 2bd
Acme 2n                                -> asked: Acme 2n
acme corp 2nd                          -> acme corp | 2nd
Acme Corp. 2nd                         -> Acme Corp. | 2nd
call Acme                              -> asked: Acme / call Acme
call w/ Acme                           -> Acme
called Acme 2nd                        -> asked: Acme | 2nd / called Acme | 2nd
call with John at Acme                 -> asked: Acme / John at Acme
spoke with John from Acme              -> asked: Acme / John from Acme
coffee with Acme 1st                   -> Acme | 1st
lunch w/ Acme                          -> Acme
demo Acme                              -> asked: Acme | 2nd / demo Acme
demo with Acme                         -> Acme | 2nd
demo for Acme yesterday                -> asked: Acme | 2nd | 24.11 / demo for Acme | 24.11
Acme demo tomorrow                     -> refused: tomorrow
Acme meeting next week                 -> asked: Acme meeting next week
Acme follow up                         -> asked: Acme / Acme follow up
Acme follow-up call                    -> asked: Acme / Acme follow-up call
Acme not interested                    -> Acme | lost
Acme said no                           -> Acme | lost
Acme - no                              -> asked: Acme - no
Acme yes                               -> asked: Acme yes
Acme 2nd ✅                             -> Acme | 2nd
Acme 2nd 👍                             -> Acme | 2nd
:tada: Acme won 12k                    -> Acme | home | 12000
Acme 2nd!!!                            -> Acme | 2nd
Acme  2nd   asked                      -> Acme | 2nd | asked
Acme,2nd                               -> Acme | 2nd
Acme;2nd                               -> Acme | 2nd
Acme 2nd;asked                         -> Acme | 2nd | asked
Acme 2nd + asked                       -> Acme | 2nd | asked
Acme 2nd and asked                     -> Acme | 2nd | asked
Acme 2nd, didn't ask                   -> Acme | 2nd | not asked
Acme 2nd no close                      -> refused: no
Acme and Globex                        -> Acme and Globex
Acme 2nd, Globex 1st                   -> refused: Globex
Acme 2nd & Globex 1st                  -> refused: &
Acme 2nd Globex 1st                    -> refused: Globex
2nd base Acme                          -> asked: Acme | 2nd / 2nd base Acme
2nd: Acme                              -> asked: Acme | 2nd / 2nd: Acme
2nd - Acme                             -> asked: Acme | 2nd / 2nd - Acme
@Acme 2nd                              -> Acme | 2nd
#acme 2nd                              -> acme | 2nd
<https://acme.com|acme.com> 2nd        -> acme.com | 2nd
acme.com 2nd                           -> acme.com | 2nd
https://acme.com 2nd                   -> acme.com | 2nd
Acme 2nd pls                           -> refused: pls
pls log Acme 2nd                       -> Acme | 2nd
please log acme 2nd base yesterday     -> acme | 2nd | 24.11
add Acme 2nd                           -> asked: Acme | 2nd / add Acme | 2nd
new Acme                               -> new Acme
Acme new                               -> asked: Acme new
Acme?                                  -> Acme
is Acme logged?                        -> asked: Acme logged / is Acme logged
Acme 24.11.                            -> Acme | 24.11
Acme 24.11                             -> refused: 24.11
Acme 24/11                             -> Acme | 24.11
Acme 11/24                             -> Acme | 24.11
Acme 24.11.2026 2nd                    -> Acme | 2nd | 24.11
Acme 2nd 2 days ago                    -> refused: days
Acme 2nd a week ago                    -> refused: a
Acme 2nd last week                     -> refused: last
Acme 2nd last fri                      -> Acme | 2nd | 20.11
Acme 2nd friday                        -> Acme | 2nd | 20.11
Acme gestern                           -> asked: Acme gestern
Acme 2. Base                           -> asked: Acme 2. / Acme 2. Base
Acme 50%                               -> asked: Acme 50%
Acme 2nd 50k pipeline                  -> refused: pipeline
Acme 2nd worth 50k                     -> refused: 50k
Acme proposal 50k                      -> refused: 50k
Acme quote 12k                         -> refused: 12k
Acme qualified                         -> Acme | 3rd
Acme unqualified                       -> asked: Acme unqualified
Acme not qualified                     -> refused: not
Acme not won                           -> refused: not
Acme didn't close                      -> asked: Acme didn't close
Acme not closed                        -> refused: not
Acme might close                       -> asked: Acme might close
Acme almost won                        -> refused: almost
Acme verbal 12k                        -> refused: 12k
Acme pending                           -> asked: Acme pending
Acme ghosted                           -> asked: Acme ghosted
Acme ghosted me                        -> asked: Acme ghosted me
Acme on hold                           -> asked: Acme on hold
Acme stalled                           -> asked: Acme stalled
Acme renewal 12k                       -> refused: 12k
Acme renewed 12k                       -> refused: 12k
Acme upsell 5k                         -> refused: 5k
Acme churned                           -> asked: Acme churned
three                                  -> three
3rd                                    -> refused: 3rd
1st 2nd 3rd                            -> refused: 1st
12k                                    -> asked: 12k
$12k Acme                              -> refused: $12k
12k Acme won                           -> Acme | home | 12000
yesterday Acme                         -> Acme | 24.11
yesterday: Acme 2nd                    -> Acme | 2nd | 24.11
today Acme 2nd and Globex 1st          -> refused: and
Acme 2nd. Globex 1st.                  -> refused: Globex
2x Acme                                -> asked: 2x Acme
Acme x2                                -> asked: Acme x2
Acme twice                             -> asked: Acme twice
5 calls                                -> asked: 5 / 5 calls
3 conversations                        -> asked: conversations | 3rd / 3 conversations
10 cold calls today                    -> asked: 10 cold / 10 cold calls
nothing today                          -> asked: nothing
none                                   -> refused: none
n/a                                    -> refused: n/a
"""

AWAY = """
off fri                                -> 27.11
ooo next week                          -> 30.11-06.12
sick today                             -> sick 25.11
vacation 12/24-1/2                     -> vacation 24.12-02.01.27
half day friday                        -> 27.11
off tmrw                               -> 26.11
off tmr                                -> 26.11
off tomoz                              -> 26.11
out tmrw                               -> 26.11
sick tmrw                              -> sick 26.11
off thurs & fri                        -> 26.11-27.11
off thu-fri                            -> 26.11-27.11
off thu/fri                            -> 26.11-27.11
out Thursday                           -> 26.11
out of office thu                      -> 26.11
ooo thu                                -> 26.11
OOO Dec 24-Jan 2                       -> 24.12-02.01.27
ooo 24.12.-2.1.                        -> 24.12-02.01.27
ooo 24.12 - 2.1                        -> 24.12-02.01.27
pto dec 24 through jan 2               -> vacation 24.12-02.01.27
PTO 12/24 to 1/2                       -> vacation 24.12-02.01.27
vacation from 12/24 until 1/2          -> vacation 24.12-02.01.27
vacation next mon-fri                  -> vacation 30.11-04.12
vacation next monday to friday         -> vacation 30.11-04.12
vacation next monday - wednesday       -> vacation 30.11-02.12
vacation week of dec 21                -> vacation 21.12-27.12
vacation the week of 12/21             -> vacation 21.12-27.12
vac dec 21                             -> vacation 21.12
on vacation dec 21-23                  -> vacation 21.12-23.12
holiday 21/12                          -> vacation 21.12
hols 21-23 Dec                         -> vacation 21.12-23.12
annual leave 21 Dec - 2 Jan            -> vacation 21.12-02.01.27
AL fri                                 -> refused: I
leave early today                      -> refused: I
feeling sick today                     -> sick 25.11
not feeling well                       -> sick 25.11
i'm sick                               -> sick 25.11
sick                                   -> sick 25.11
off                                    -> refused: Say
off sick                               -> sick 25.11
called in sick                         -> sick 25.11
sick since monday                      -> sick 23.11-25.11
sick since yesterday                   -> sick 24.11-25.11
sick until friday                      -> sick 25.11-27.11
out till thursday                      -> 25.11-26.11
out until further notice               -> refused: I
off for 3 days                         -> 25.11-27.11
off 3 days                             -> 25.11-27.11
off next 2 days                        -> 25.11-26.11
off today and tomorrow                 -> 25.11-26.11
off today & tmrw                       -> 25.11-26.11
off mon, tue and thu                   -> 30.11-01.12; 03.12
off monday tuesday                     -> 30.11-01.12
off mon tue wed                        -> 30.11-02.12
off every friday                       -> refused: I
off fridays                            -> refused: I
parental leave from 1 Dec              -> refused: I
maternity leave dec 1 - mar 1          -> refused: I
bank holiday monday                    -> vacation 30.11
off xmas                               -> 25.12
off christmas to new year              -> 25.12-01.01.27
off between christmas and new year     -> 25.12-01.01.27
off thanksgiving                       -> refused: I
off tomorrow afternoon                 -> 26.11
off pm                                 -> refused: Say
off this pm                            -> refused: I
off friday pm                          -> 27.11
off from noon                          -> refused: I
half day today                         -> 25.11
1/2 day friday                         -> 27.11
half-day fri                           -> 27.11
off 26 nov                             -> 26.11
off nov 26                             -> 26.11
off 26.11                              -> 26.11
off 26.11.                             -> 26.11
off 26th                               -> 26.11
off the 26th                           -> 26.11
off on the 26th                        -> 26.11
off 26                                 -> refused: I
off 26-27                              -> refused: I
off 26th-28th                          -> 26.11-28.11
off 26 - 28 nov                        -> 26.11-28.11
off 26/11-28/11                        -> 26.11-28.11
off 11/26-11/28                        -> 26.11-28.11
off 2026-11-26                         -> 26.11
off 2026-11-26 - 2026-11-28            -> 26.11-28.11
off 2026-11-26..2026-11-28             -> 26.11-28.11
off 26nov                              -> 26.11
off 26nov-28nov                        -> 26.11-28.11
off eom                                -> refused: I
off end of month                       -> refused: I
off end of week                        -> refused: I
off next month                         -> refused: I
off in december                        -> refused: I
off all december                       -> refused: I
off the rest of the week               -> 25.11-29.11
off rest of week                       -> 25.11-29.11
off this week                          -> 23.11-29.11
off week 50                            -> refused: I
off kw 50                              -> refused: I
"""


def lines(table: str) -> list[tuple[str, str]]:
    pairs = (line.split(" -> ") for line in table.strip().splitlines())
    return [(" -> ".join(typed).strip(), said) for *typed, said in pairs]


@pytest.mark.parametrize(("text", "said"), lines(LOGGED))
def test_a_line_about_a_company_that_is_new(text: str, said: str) -> None:
    assert outcome(text) == said


@pytest.mark.parametrize(("text", "said"), lines(AWAY))
def test_days_off_in_an_americans_words(text: str, said: str) -> None:
    found = days_of(text, day_first=False)
    assert found.split()[:2] == said.split() if said.startswith("refused") else found == said
