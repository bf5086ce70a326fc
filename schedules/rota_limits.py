"""How much a rota file may hold: bounds on everything in it that can grow.

Each lies far beyond any team's file. They are there so that a hostile or damaged file cannot keep the service busy, and
a file that passes one is told so in words. Lengths are in characters, the others count entries.
"""

TEXT_LENGTH_MAX = 2_000_000
KEY_PARTS_MAX = 200

ID_LENGTH_MAX = 60
NAME_LENGTH_MAX = 100
SIGNATURE_LENGTH_MAX = 15
SENTENCE_LENGTH_MAX = 2000

PEOPLE_MAX = 1000
ROTAS_MAX = 200
TABLES_MAX = 500
"""Lines, accounts, contacts or escalations, of each."""
LAYERS_MAX = 200
SEATS_MAX = 1000
"""In one order; also the people who share one seat, and the names in any other list."""
WINDOWS_MAX = 200
CHANGES_MAX = 500
OVERRIDES_MAX = 5000
"""Of one rota; also the absences."""
HOLIDAYS_MAX = 1000
STEPS_MAX = 50

TURN_MAX = 100_000
"""Units in one turn: eleven years of hours."""
PRIORITY_MAX = 1_000_000
WAIT_MIN_MAX = 7 * 24 * 60
REPEAT_MAX = 1000

PROBLEMS_MAX = 50
"""So many mistakes are told one by one."""
NOTED_MAX = 1000
"""So many are kept to choose those from; what comes after is only counted."""
