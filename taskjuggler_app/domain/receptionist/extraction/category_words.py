"""Words that speak for a category, by how loudly. "stem*" stands for every word that begins so.

3 says it almost alone, 2 speaks clearly, 1 leans. Earlier categories win a tie.
"""

from taskjuggler_app.domain.receptionist.extraction.values import Category

CATEGORY_WORDS: dict[Category, dict[float, str]] = {
    Category.LEGAL: {
        3: (
            "arbitrat*, articles of, attorney*, bail, bankruptcy, barrister*, breach of contract, bylaws, "
            "cease and desist, class action, court, custody, defendant*, deposition, discriminat*, estate "
            "planning, eviction notice, green card, guardianship, harassment, immigration, incorporat*, "
            "indemnif*, infring*, labor board, lawsuit*, lawyer*, legal action, legal advice, legal notice, "
            "litigation, malpractice, mediation, nda, non compete, non disclosure, notice to vacate, "
            "operating agreement, opposing counsel, parole, patent*, personal injury, plaintiff*, plea, "
            "power of attorney, prenup*, probate, register our company name, register our name, restraining "
            "order, settlement offer, small claims, solicitor*, subpoena*, sue, sue you, sued, suing, "
            "tenancy agreement, trademark*, visa application, wrongful*"
        ),
        2: (
            "accident, affidavit*, agreement, amended, attorney's, clause*, compliance, contract, contracts, "
            "copyright*, counterparty, court date, custody of, dispute*, divorce*, employment law, executor, "
            "former employee, gdpr, hearing, inherit*, injury, law, lease agreement, lease renewal, legal, "
            "legally, liability, liable, license agreement, license to, motion, notarize*, notary, overtime "
            "claim, partner agreement, penalty clause, permit violation, privacy policy, regulation*, rights "
            "as, settlement, sign before, sign the lease, signed copy, statute*, terminat*, terms and "
            "conditions, terms of the agreement, tribunal, zoning law"
        ),
        1: ("deed, evict*, judge, lease, police report, rights, sign, signed, will and testament, witness*"),
    },
    Category.MAINTENANCE: {
        3: (
            "aircon, ants, backed up, blocked drain, boiler*, broken pipe, bulbs, burning smell, burst, came "
            "loose, check engine, clog*, coming off, conked out, damp, electrician*, fallen off, fell off, "
            "flat tire, flood*, furnace, fuse box, gas smell, handyman, heat has been out, heat is out, hot "
            "water, hvac, keeps tripping, leak*, leaky, light is out, lightbulb*, lights are out, locked "
            "out, maintenance, mildew, mold, needs fixing, no heat, no hot water, no power, no pressure, not "
            "cooling, not draining, not heating, oil change, out of order, paint is peeling, pest control, "
            "pilot light, plumb*, power is out, repair*, rodent*, roof leak, rotten, seized up, sewage, "
            "short circuit, smell gas, smells like gas, socket*, stopped draining, termites, tow, tripped, "
            "tune up, wasps, water heater, water pressure, won't close, won't flush, won't open"
        ),
        2: (
            "ac, air conditioner, air conditioning, alarm keeps, alternator, banging noise, bathtub, bed "
            "bugs, bent, blinds, blown, brake*, breaker, broke, broken, buzzing, carpet, ceiling, chipped, "
            "cockroach*, cooker, crack*, dead battery, died, dishwasher, doesn't lock, door lock, drain*, "
            "dripping, dryer, elevator, engine, exterminator, fan, faucet*, faulty, fence, filter, fix, "
            "fixing, floorboard*, freezer, fridge, garage, garage door, garbage, gate, generator, grinding, "
            "gutter*, hallway, heater, heating, hinge*, hob, hose, jammed, key stuck, landscap*, lawn, lift "
            "is stuck, light bulb*, light fixture, machine is, malfunction*, mice, mirror, mow, noise when, "
            "outlet*, oven, overflow*, packed in, pipe*, plug, pump, radiator*, railing, rats, rattl*, "
            "refrigerator, roaches, roof, rust*, septic, septic tank, sewer, shattered, shower, sink, "
            "smashed, smell*, smoke alarm, smoke detector, snapped, snow removal, solar panel, sparking, "
            "sprinkler*, squeak*, stairs, stove, stuck, sump, tap, thermostat, tile, tiles, toilet*, "
            "transmission, trash, treadmill, tree, tripping, tyre*, valve, vent, ventilation, washer, "
            "windshield, wiring, won't lock, won't start, won't turn on, worn"
        ),
        1: (
            "apartment, basement, bathroom, battery, belt, cold, door, inspect*, install*, installed, key, "
            "kitchen, lamp, landlord, lights, lock, noise, paint*, replaced, super, tenant, tire*, wall, "
            "water, window"
        ),
    },
    Category.BILLING: {
        3: (
            "1099, accountant, amount due, auto pay, auto renew*, autopay, balance due, bank transfer, been "
            "paid, billed, billing, bookkeeper, cancel my subscription, cash app, chargeback, charged, co "
            "pay, copay, credit back, credit note, deducted from, deductible, direct debit, direct deposit, "
            "double charged, get paid, in installments, invoice*, invoiced, late fee*, late payment, money "
            "back, my bill, outstanding balance, overcharg*, paid twice, past due, past invoice, pay by, pay "
            "for, pay my, pay you, payment plan, payment*, prepay*, promo credit, receipt*, refund*, remit, "
            "renewed automatically, resend the receipt, split the balance, statement of, statement of "
            "account, still owe, store credit, tax id, tax statement, the bill, w-9, wire transfer, "
            "withdrawal*, wrong amount"
        ),
        2: (
            "accounting, ach, amex, bill, bills, budget report, cash, charge, checks, cheque*, collections, "
            "credit, credit card, debit, debt, deducted, deposit, expense*, fee, fees, financing, gratuity, "
            "iban, installment*, instalment*, insurance covered, insurance should, itemized, loan, "
            "mastercard, overdue, owe, owed, owes, paid, pay, paypal, payroll, per diem, price difference, "
            "purchase order, quickbooks, reimburs*, remittance, renewal fee, rent, statement, subscription, "
            "subscription fee, surcharge, tax, tip, transaction*, unpaid, vat, venmo, visa, wire, zelle"
        ),
        1: (
            "account number, amount, balance, bank, cancel my membership, card, covered, dollars, insurance, "
            "money, total, transfer"
        ),
    },
    Category.SCHEDULING: {
        3: (
            "another day, another time, any availability, any opening, any openings, any spots, "
            "appointment*, are you free, be there around, be there at, be there by, book a, book an, book "
            "me, booking*, bring forward, bump, calendar invite, call at, can you see me, can't come, cancel "
            "my reservation, cancel today, cancel tomorrow, cancel tonight, cannot come, check in at, come "
            "in for, come over, conference call, confirm my, day works, different day, different time, "
            "double booked, earlier time, earliest available, first available, fit me in, get in for, have "
            "to miss, invite, is anyone free, is there a spot, later time, make a booking, meet up, move my, "
            "move our, move the, next available, on my way, open spot, openings, party of, pencil me in, "
            "phone call at, push back, push our, put me down for, rain check, reschedul*, reservation*, "
            "rsvp, running behind, running late, same hour, same time, schedule a, schedule an, see me "
            "today, set a time, set up a call, set up a meeting, site visit, skip, soonest, squeeze in, "
            "squeeze me in, standing appointment, stuck in traffic, table for, time slot, unable to make, "
            "waiting list, waitlist, walk in, what days, what time works, what times, which times, will be "
            "there, won't be able to make, zoom"
        ),
        2: (
            "agenda, arrive at, arriving, at the latest, availab*, availability, be there, book, booked, "
            "calendar, can't make it, cancel, cannot make it, catch up, checkup, class, come by, consult, "
            "consultation, deadline, delay*, drop in, drop it off, drop off, drop off at, earlier, eta, "
            "facial, fitting, follow up, free at, free on, groom*, hours this, hygienist, inspection, "
            "instead, late for my, lesson, make it on, manicure, massage, meet, meeting, min late, mins "
            "late, minutes late, move it to, next visit, physical, pick up, pick up at, pickup, postpone, "
            "push it, push the, recurring, remind me, reminder, schedule*, scheduling, see you, session, "
            "shift, showing, sit down, slot, slots, sooner, stop by, timetable, tour, trim, viewing, weekly, "
            "won't make it, works for me"
        ),
        1: (
            "afternoon, check up, cleaning, confirm the, friday, haircut, headcount, interview, late, "
            "monday, morning, next week, noon, open, possible, saturday, sunday, thursday, time, tomorrow, "
            "tuesday, visit, wednesday"
        ),
    },
    Category.SALES: {
        3: (
            "a quote, any deal, are you taking new, ballpark, become a client, become a member, best price, "
            "bid on, book a demo, bulk, can you make, cost me, cost of, cost to, custom order, demo, "
            "discount for, distributor*, do you cater, do you deliver to, do you guys do, do you have any "
            "deals, do you offer, do you ship, estimate, first time customer, for sale, franchise, free "
            "quote, free trial, get a price, gift card*, group discount, group rate, hourly rate, hourly "
            "rates, how much are, how much do, how much does, how much for, how much is, how much to, how "
            "much would, i'd like to get, interested in, join your, like to buy, like to order, like to "
            "purchase, looking for a quote, looking to hire, lowest you, minimum order, need someone to "
            "build, new client, new customer, partner with, place a large, place an order, price for, price "
            "list, price on, price range, pricing, promotion*, quotation, quote for, recommended you, "
            "referral, referred by, request for proposal, reseller, rfp, saw your, shopping around, sign up, "
            "sign up for, special offer, still available, student discount, thinking about getting, thinking "
            "of buying, vendor application, walk me through, want to buy, want to get one, want to hire, "
            "want to order, we'd like to get, what do you charge, what does it cost, what would it run, what "
            "you charge, wholesale, would like to order, your ad, your plans, your rates"
        ),
        2: (
            "affordable, birthday, brand, brochure, buy, buying, catalog*, catering for, celebration, "
            "cheaper, color options, corporate, cost, costs, could view it, deal, deals, discount, do you "
            "carry, do you do, do you handle, do you sell, enterprise, expensive, extension, for a group, "
            "how much, in stock, install a new, launch, license*, looking for a, looking for an, membership "
            "for, model, new kitchen, offer, offers, opening a, package*, pallets, party, per head, per "
            "person, pieces, planning a, premium, price, prices, proposal, purchase, quantity, quote, "
            "quotes, rates, remodel*, renovat*, repaint, sample*, seats, second location, sell, selling, "
            "sizes, subscription plan, supplier, swatch*, tier, trial, units, upgrade, workshop, yearly "
            "membership"
        ),
        1: (
            "available, budget, custom, event, guests, hire, interested, logo, looking for, order, "
            "replacement, service, services, sq ft, wedding"
        ),
    },
    Category.SUPPORT: {
        3: (
            "404, arrived broken, blank page, broken link, bug, came broken, can't connect, can't log in, "
            "can't login, cannot connect, cannot log in, cant log in, change my email, change the address, "
            "complaint*, crash*, customer service, damaged, defective, did not receive, didn't receive, "
            "didn't show up, does not work, doesn't load, doesn't work, error, faulty product, file a "
            "complaint, forgot my, freezes, frozen screen, glitch*, goes to a blank, has my order, hasn't "
            "arrived, hasn't come, have not received, haven't received, how can i change, how do i change, "
            "internet is down, is down, isn't working, keeps crashing, left early, let down, link in, locked "
            "account, log in to my, missed my, missing from, missing item, never arrived, never received, "
            "never showed up, no one came, no show, nobody came, nobody showed, not arrived, not charging, "
            "not happy, not loading, not received, not syncing, not working, nothing in the mail, offline, "
            "password*, poor quality, ready for pickup, reinstall*, reset email, reset my, restarted, "
            "restarting, return label, says offline, send it back, server is down, site is down, speak to a "
            "manager, spoiled, status on, still nothing, stopped working, sync, tech support, tracking, two "
            "factor, unacceptable service, unlock, unsubscribe, update my, verification code, want to "
            "return, website is down, when will my, where is my, where is my order, where's my, where's my "
            "order, wifi is down, won't connect, won't load, would like to return, wrong color, wrong "
            "colour, wrong item, wrong product, wrong size"
        ),
        2: (
            "account, address on, apologize, apology, app, browser, can't access, cannot access, checkout, "
            "code isn't, configure, courier, deliver*, delivered, delivery, disappointed, documentation, "
            "download, exchange, hang up, help me, hold music, how do i, ignored, install the app, "
            "instructions, is my car ready, issue with, log in, login, looks terrible, lost, manual, "
            "missing, monitor, my order, need help, network, notification*, order, ordered, package hasn't, "
            "parcel, please help, poor service, printer, problem with, profile, replacement for, return it, "
            "returned, router, rude, service was, set up my, settings, setup, shipment, shipped, shipping, "
            "sign in, status of, support, supposed to arrive, treated, trouble with, tutorial, unhappy, "
            "update on, upgrade failed, upload, user name, username, vpn, warranty, website, wi fi, wifi, "
            "you delivered"
        ),
        1: (
            "android, arrive, computer, email, help, iphone, issue, laptop, poisoned, problem, ready, "
            "screen, server, sick, staff, update, wrong"
        ),
    },
    Category.RESEARCH: {
        3: (
            "average salary, background check, benchmark*, best way to, brief on, briefing, case study, "
            "check which, collect data, compare, comparison, competitor*, compile, deep dive, demographics, "
            "dig up, evidence for, evidence on, fact check, feasibility, find me, find out how, find out "
            "what, find out whether, find out which, find out who, find us, gather information, how other, "
            "industry average, investigate, list of all, literature, look into, look up, make a list, market "
            "analysis, market rate, need a list, other companies, overview, potential suppliers, potential "
            "vendors, pros and cons, pull together, put together a list, rank the, research*, scrape, search "
            "for, shortlist, spreadsheet, summarise, summarize, survey, top 10, top five, top ten, what do "
            "other, what is the evidence, what permits, which permits, white paper, with reviews, with "
            "sources, write up"
        ),
        2: (
            "alternatives, analyse, analysis, analyze, articles, assess*, background on, best tools, cons, "
            "eligibility, evaluate, evidence, feedback on, figure out, find out, forecast, grants, history "
            "of, learn about, near us that, options, options for, other studios, papers, permits, pros, "
            "recommend*, report on, requirements for, research on, reviews, sources, statistics, statistics "
            "on, summary of, trend, trends, understand how, versus, vs, what are the best, which providers, "
            "within 20 miles"
        ),
        1: ("best, data, find, information, list of, report, study, which"),
    },
    Category.GENERAL: {
        3: (
            "anyone there, congratulations, get well, great job, happy birthday, happy holidays, happy new "
            "year, just wanted to say, keep up the good work, many thanks, merry christmas, much "
            "appreciated, seasons greetings, thank you so much, thanks a lot, thanks again, thanks so much, "
            "wrong number"
        ),
        2: (
            "appreciate it, are you open, good luck, greetings from, have a great, have a nice, huge help, "
            "nice to meet, opening hours, parking, thank you for coming, thank you for fixing, thanks for "
            "coming, thanks for fixing, well done, what are your hours, where are you located, who is this, "
            "your hours"
        ),
    },
}
