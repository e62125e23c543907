from appliance.history import History, Turn


def test_the_newest_turns_stay():
    history = History(turns=2)
    for n in range(4):
        history.add(f"q{n}", f"a{n}")
    assert history.turns == (Turn("q2", "a2"), Turn("q3", "a3"))


def test_the_budget_drops_the_oldest_but_never_the_newest():
    history = History(turns=5, characters=30)
    history.add("court", "oui")
    history.add("x" * 10, "y" * 15)
    assert [turn.question for turn in history.turns] == ["x" * 10]
    history.add("long", "z" * 100)
    assert history.turns == (Turn("long", "z" * 100),)


def test_an_interrupted_answer_is_kept_as_far_as_it_was_heard():
    history = History()
    history.add("Raconte.", "Il était une fois un grillon qui chantait.")
    history.interrupted("Il était une fois ")
    assert history.turns == (Turn("Raconte.", "Il était une fois", interrupted=True),)


def test_interrupted_without_a_turn_and_forget():
    history = History()
    history.interrupted("rien")
    assert history.turns == ()
    history.add("a", "b", interrupted=True)
    history.forget()
    assert history.turns == ()
