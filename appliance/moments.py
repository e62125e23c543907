"""Moments as people mean them: a day, an hour, a habit -> an instant of this place's clock.

Reading words is spoken_time.py's; here is what they mean. "At seven" is the next seven o'clock of either half of the day,
and the result says that this was guessed. A day changes its length twice a year: instants are reckoned from the place's
own rules, and 2:30 on the night that has none is 3:30.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

Part = Literal["", "morning", "afternoon", "evening", "night", "am", "pm"]
DAILY = (1, 2, 3, 4, 5, 6, 7)
WEEKDAYS = (1, 2, 3, 4, 5)
WEEKEND = (6, 7)
USUAL_HOUR: dict[str, int] = {"": 9, "morning": 9, "am": 9, "afternoon": 14, "pm": 14, "evening": 19, "night": 22}
"""Where only a day, or a part of one, was said."""
EARLY = 5
"""On a day that was named, hours up to this one are the afternoon's unless one is to be woken."""


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that was understood."""

    when: datetime
    """The first time, or the only one."""
    days: tuple[int, ...] = ()
    """ISO weekdays on which it comes again; empty: it is once."""
    guessed: bool = False
    """True where the half of the day, or the hour itself, was not said."""
    timed: bool = True
    """False where only a day or a part of it was said."""


@dataclass(slots=True)
class Said:
    """What a phrase says of a moment, as far as it was read."""

    after: timedelta | None = None
    offset_days: int | None = None
    weekday: int | None = None
    """ISO: 1 is Monday."""
    weeks: int = 0
    """Added to the weekday: "lundi en huit"."""
    next_week: bool = False
    month_day: tuple[int, int, int] | None = None
    """Day, month or 0, year or 0."""
    hour: int | None = None
    minute: int = 0
    midnight: bool = False
    exact: bool = False
    """True where the hour itself leaves no doubt: 19 h, 07:15, noon."""
    part: Part = ""
    days: tuple[int, ...] = ()


def local(day: date, at: time, now: datetime) -> datetime:
    """Return this time of this day on the clock that showed `now`, whatever the season."""
    naive = datetime.combine(day, at)
    zone = now.tzinfo
    if zone is None:
        return naive
    if isinstance(zone, ZoneInfo):
        # There and back again: an hour that the night of the change leaves out becomes the one after it.
        return datetime.fromtimestamp(naive.replace(tzinfo=zone).timestamp(), zone)
    return naive.astimezone() if _is_systems(now) else naive.replace(tzinfo=zone)


def instant(seconds: float, now: datetime) -> datetime:
    """Return a Unix time on the clock that showed `now`."""
    if now.tzinfo is not None and not isinstance(now.tzinfo, ZoneInfo) and _is_systems(now):
        return datetime.fromtimestamp(seconds).astimezone()
    return datetime.fromtimestamp(seconds, now.tzinfo)


def _is_systems(now: datetime) -> bool:
    """Tell whether a fixed offset is only what the system's zone is at this moment of the year."""
    return now.utcoffset() == datetime.fromtimestamp(now.timestamp()).astimezone().utcoffset()


def next_time(at: time, days: tuple[int, ...], now: datetime) -> datetime:
    """Return the next time, after now, that it is `at` on one of these ISO weekdays."""
    coming = (local(now.date() + timedelta(days=ahead), at, now) for ahead in range(9))
    return next(when for when in coming if when.isoweekday() in days and when.timestamp() > now.timestamp())


def meant(said: Said, now: datetime, waking: bool = False) -> Moment | None:
    """Return the moment that was meant, or None where it cannot be: it is over, or there is no such day.

    `waking`: it is to wake somebody, and "six heures" is in the morning.
    """
    if said.after is not None:
        return _after(said, now)
    try:
        if said.hour is None:
            return _untimed(said, now, waking)
        return _timed(said, now, waking)
    except ValueError:  # 31 February
        return None


def _after(said: Said, now: datetime) -> Moment | None:
    assert said.after is not None
    if said.after % timedelta(days=1) or not said.after:
        return None if said.hour is not None or not said.after else Moment(instant(now.timestamp() + _s(said), now))
    day = now.date() + said.after
    if said.hour is not None:
        return meant(replace(said, after=None, offset_days=said.after.days), now)
    if said.part:
        return meant(replace(said, after=None, offset_days=said.after.days), now)
    return Moment(local(day, now.time().replace(second=0, microsecond=0), now))


def _s(said: Said) -> float:
    return said.after.total_seconds() if said.after else 0.0


def _untimed(said: Said, now: datetime, waking: bool) -> Moment | None:
    if not said.part and not said.days and _day(said, now) in (None, now.date()):
        return None
    usual = replace(said, hour=USUAL_HOUR[said.part], exact=True, part="")
    found = _timed(usual, now, waking)
    return found and replace(found, guessed=True, timed=False)


def _timed(said: Said, now: datetime, waking: bool) -> Moment | None:
    hours, guessed, late = _hours(said)
    if said.days:
        hour = hours[0] if waking or len(hours) == 1 or hours[0] > EARLY else hours[1]
        return Moment(next_time(time(hour, said.minute), said.days, now), said.days, guessed)
    day = _day(said, now)
    if day is None:
        if guessed and waking and hours[0] >= 5:
            hours = hours[:1]
        days: tuple[date, ...] = (now.date(), now.date() + timedelta(days=1))
    elif day == now.date():
        days = (day + timedelta(days=late),)
    else:
        days = (day + timedelta(days=late),)
        if guessed:
            hours = hours[:1] if waking or hours[0] > EARLY else hours[1:]
    coming = [local(one, time(hour, said.minute), now) for one in days for hour in hours]
    coming = [when for when in coming if when.timestamp() > now.timestamp()]
    return Moment(min(coming), (), guessed) if coming else None


def _hours(said: Said) -> tuple[tuple[int, ...], bool, int]:
    """Return the hours that may be meant, whether that is a guess, and the days to add ("ce soir à minuit")."""
    hour, part = said.hour or 0, said.part
    if hour > 23 or said.minute > 59:
        raise ValueError
    if said.midnight or (hour == 0 and part in ("evening", "night")):
        return (0,), False, 1
    if part in ("am", "pm"):
        return (hour % 12 + (12 if part == "pm" else 0),), False, 0
    if part == "afternoon" or part == "evening" or (part == "night" and hour > EARLY):
        return (hour + 12 if hour < 12 else hour,), False, 0
    if part == "night" and said.offset_days == 0 and hour < 12:
        return (hour,), False, 1
    if part or said.exact or not 1 <= hour <= 12:
        return (hour,), False, 0
    return (hour % 12, hour % 12 + 12) if hour == 12 else (hour, hour + 12), True, 0


def _day(said: Said, now: datetime) -> date | None:
    """Return the day that was named; None where none was. Raises ValueError for one that there is not."""
    today = now.date()
    if said.month_day:
        return _dated(*said.month_day, today)
    if said.weekday is not None:
        ahead = (said.weekday - today.isoweekday()) % 7 or 7
        if said.next_week:
            ahead = 8 - today.isoweekday() + said.weekday - 1
        return today + timedelta(days=ahead, weeks=said.weeks)
    if said.offset_days is not None:
        return today + timedelta(days=said.offset_days, weeks=said.weeks)
    return None


def _dated(day: int, month: int, year: int, today: date) -> date:
    if year:
        return date(year, month, day)
    if month:
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    if day >= today.day:
        return today.replace(day=day)
    return (today.replace(day=1) + timedelta(days=32)).replace(day=day)
