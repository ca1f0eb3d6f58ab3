"""Treatment: what a clinic writes down of its patients, behind the innermost wall.

Owns patients (one clinic's own noun for a person), voluntary treatment agreements, maintenance enrolments and the doses taken,
medical tests, and the few answers asked when a treatment begins (a year of them is tabulated for the clinic alone). Hands out counts
by clinic and month, which leave closed below five and by a signed gate alone, and to the gates the few facts that a statute names.
Never knows a client, a party or a patient of another clinic; never publishes a row as a
fact; never records an HIV status, a diagnosis or a note of counselling.
"""
