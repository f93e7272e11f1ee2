"""Who answers: teams, presence, capacity, duty and cover, and what happens to what they hold."""
