"""The everyday words of a sales conversation, and the base, close or outcome that each is read as.

A proposal, a quote or a spoken yes is 3rd: nothing is home before it is signed. A demo is 2nd, because it shows
why the rep stands out and proves no qualification. A meeting that was booked is 1st. Nobody was talked to where
somebody did not show up, so nothing is logged.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

from bot.rules.conversation import Base, Close, DealOutcome

Said = Base | Close | DealOutcome | Literal["closed", "no_talk"]
"""What words say: `closed` leaves open whether it was won, `no_talk` that nobody was talked to."""

LONGEST = 5
"""The most words that a phrase has."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


def _phrases(said: Said, text: str) -> Iterator[tuple[tuple[str, ...], Said]]:
    for phrase in text.split(","):
        yield tuple(phrase.split()), said


OWN_WORDS: Mapping[tuple[str, ...], Said] = dict(
    (
        *_phrases(Base.FIRST, "1st, first"),
        *_phrases(Base.SECOND, "2nd, second"),
        *_phrases(Base.THIRD, "3rd, third"),
        *_phrases(Base.HOME, "home, won"),
        *_phrases(DealOutcome.LOST, "lost"),
        *_phrases(Close.ASKED, "asked"),
        *_phrases(Close.NOT_ASKED, "not asked, not-asked, didn't ask"),
        *_phrases(
            Close.INOFFENSIVE, "inoffensive, inoffensive close, inoffensive-close, the inoffensive"
        ),
    )
)
"""The words of the bot itself, which the answer need not explain."""

EVERYDAY_WORDS: Mapping[tuple[str, ...], Said] = dict(
    (
        *_phrases(Base.FIRST, "frist, fisrt, firts"),
        *_phrases(Base.SECOND, "scnd, secnd, sceond, secound"),
        *_phrases(Base.THIRD, "thrid, thirt"),
        *_phrases(
            Base.FIRST,
            "intro, introduction, introductory, booked, appointment booked, booked appointment,"
            "booked an appointment, booked the appointment, appointment made, appointment set,"
            "appt booked, appt set, got the appointment, got an appointment, meeting booked,"
            "booked meeting, booked a meeting, booked the meeting, meeting set, meeting scheduled,"
            "scheduled a meeting, call booked, booked a call, call scheduled, demo booked,"
            "booked a demo, booked demo, demo scheduled, scheduled a demo",
        ),
        *_phrases(
            Base.SECOND,
            "discovery, disco, needs analysis, needs assessment, demo, demoed, demo done,"
            "demo given, gave a demo, gave demo, did a demo, did demo, had a demo",
        ),
        *_phrases(
            Base.THIRD,
            "qualified, proposal, proposal sent, sent proposal, sent a proposal, sent the proposal,"
            "proposal out, quote, quoted, quote sent, sent quote, sent a quote, sent the quote,"
            "quote out, offer sent, sent offer, sent an offer, sent the offer, contract sent,"
            "sent contract, sent the contract, contract out, negotiation, negotiations, negotiating,"
            "in negotiation, verbal, verbal yes, verbal ok, verbal okay, verbal agreement,"
            "verbal commitment, verbally agreed, said yes, got a verbal, got verbal",
        ),
        *_phrases(
            Base.HOME,
            "signed, signed!, contract signed, signed contract, signed the contract, deal signed,"
            "signed the deal, closed won, closed-won, won deal, won the deal, deal won, deal closed,"
            "closed deal, closed the deal, sold, bought, po received, got the po, got po,"
            "order received, got the order, home run, homerun, win",
        ),
        *_phrases(
            DealOutcome.LOST,
            "closed lost, closed-lost, lost deal, lost the deal, lost it, deal lost, said no,"
            "no deal, no sale, not interested, no interest, went with competitor,"
            "went with a competitor, went with the competitor, went with competition,"
            "went with someone else, chose competitor, chose a competitor, chose the competitor,"
            "chose someone else, declined, rejected, turned us down, dead, deal dead, dead deal",
        ),
        *_phrases(
            Close.ASKED,
            "asked for order, asked for the order, asked for the sale, asked for sale,"
            "asked for the business, asked for business, asked for the deal, asked for the close,"
            "asked for the signature, asked to close, asked to sign, did ask, asked them",
        ),
        *_phrases(
            Close.NOT_ASKED,
            "did not ask, didnt ask, no ask, never asked, forgot to ask, haven't asked, not ask",
        ),
        *_phrases("closed", "closed"),
        *_phrases(
            "no_talk",
            "no show, no-show, noshow, no shows, didn't show, didnt show, did not show,"
            "didn't show up, didnt show up, did not show up, cancelled, canceled, rescheduled,"
            "postponed, voicemail, vm, left voicemail, left a voicemail, left vm, left a vm,"
            "left a message, left message, no answer, no reply, no response, no pickup,"
            "didn't pick up, didnt pick up, did not pick up, didn't answer, did not answer,"
            "not reached, couldn't reach, could not reach, unreachable, out of office, ooo",
        ),
    )
)
"""What reps say in place of the bot's words; the answer says how they were read."""

PHRASES: Mapping[tuple[str, ...], Said] = {**EVERYDAY_WORDS, **OWN_WORDS}

TALKS = _words(
    "base call calls meeting mtg appointment appt conversation conv convo chat talk visit session "
    "lunch coffee zoom video phone teams breakfast dinner followup follow-up catchup catch-up "
    "touchpoint sync interview"
)
"""Words for a conversation itself. Beside a base they add nothing."""

ADJECTIVES = _words(
    "a an the my our his her their this that great good nice quick short long big brief new another "
    "very really super awesome productive follow up catch check in"
)
VERBS = _words(
    "can could you please pls as log logged add added had have having did held finished done spoke "
    "spoken talked talking chatted "
    "called calling phoned rang met meeting visited visiting saw seen pitched emailed just i we i've "
    "we've got went moved reached hit is was now are been it they on at to for and with from by about "
    "of then also again still"
)
FIRM_BEGINNINGS = frozenset({"logged", "spoke", "talked", "chatted", "log", "pls", "please"})
"""Words with which no company's name begins, but a sentence about one does."""

PREPOSITIONS = frozenset({"with", "to", "at", "from", "by", "w/", "@"})
TALKS_IN_TWO = frozenset({"follow", "catch", "check"})
"""With ``up`` or ``in`` these are words for a conversation, too."""
CONNECTORS = VERBS | ADJECTIVES | PREPOSITIONS | TALKS

LOST_REASONS = _words(
    "to on because cause bc cos due over no too for price pricing budget timing competitor "
    "competition against as since they their went internal"
)
"""Words with which the reason for a loss begins."""

DANGLING = _words(
    "at for in last next not on this to almost nearly maybe might probably hopefully soon"
)
"""Words that rather begin something that was not understood than end a company's name."""

SEPARATORS = frozenset({"|", "/", "+", "->", "=>", "→"})
"""What stands between the parts of a line and says nothing."""

COMMANDS = _words(
    "undo list history help plan plans edit delete remove cancel stats status show menu week deals "
    "deal report reports settings start stop test hi hello hey thanks thx ok okay yes no y n log "
    "logs check-in checkin away back info about coach team goals targets today's score "
    "home sick vacation holiday none n/a nil nothing"
) | {
    "my week",
    "my deals",
    "thank you",
    "my log",
    "my plan",
    "good morning",
    "this week",
    "last week",
}
"""Whole lines that are said to a bot, and name no company."""

ODD_IN_NAMES = _words(
    "what how when where why who which my is are am about again agreed as can could do does log please pls you "
    "also answered appointment asked because before booked budget but call called "
    "calling came cancelled canceled chatted competitor contract conversation demo discount emailed "
    "follow followup forgot going gonna good great had has have he her him his i interested intro "
    "just later logged maybe meeting messaged mailed next nice no not nothing offer our phoned "
    "pitched presentation presented proposal quote referral said sent she should showed signed spoke "
    "still talked tell thanks their them then they thinking tomorrow tonight update voicemail "
    "waiting want wanted wants was we went were will yes yesterday today "
    "angebot termin gestern heute anruf gewonnen verloren gespräch besuch unterschrieben "
    "rendez-vous hier gagné perdu appel signé devis aujourd'hui "
    "llamada ayer hoy ganado perdido reunión propuesta firmado "
    "chiamata ieri oggi vinto perso riunione proposta firmato "
    "ontem hoje ganho perdido ligação reunião assinado "
    "gisteren vandaag gewonnen verloren gesprek offerte getekend "
    "igår idag vunnen förlorad möte offert samtal "
    "didn't didnt don't doesn't hasn't haven't won't can't couldn't isn't wasn't"
)
"""Words that tell what happened, in the languages of many reps. A new name with one of them is asked about."""

ODD_AT_THE_END = _words(
    "almost both churned close closing cold ghosted hold hot maybe me monthly new pending pipeline qualified "
    "renewal renewed soon stalled twice unqualified upsell warm"
)
"""Words that say something of a deal, and hardly end a company's name. A new name that ends so is asked about."""

ODD_ALONE = _words("back conference dentist doctor training travel traveling travelling wfh")
"""Words that say why somebody is away, and are hardly a whole name."""
