"""x"""

RULES = []
