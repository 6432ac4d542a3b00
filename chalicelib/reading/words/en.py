"""English: what people write when they praise, complain, ask, sell, warn. Commas part phrases; `*` ends any way.

Where a longer phrase is found, the shorter ones in it do not count: "no problem" is no problem. The number is a weight:
3 speaks for itself, 1 is a hint, below zero speaks against it. Written by hand; docs/reading.md says how to change it.
"""

from __future__ import annotations

WORDS: dict[str, dict[float, str]] = {
    "good": {
        3: """
            amazing, awesome, excellent, fantastic, brilliant, outstanding, wonderful, perfect, the best,
            best ever, love it, loved it, love this, love you, love your, best service, great service,
            great job, well done, superb, incredible, flawless, exceptional, delightful, saved my day,
            made my day, above and beyond, five stars, 5 stars, life saver, lifesaver, highly recommend,
            can't wait, cannot wait, ❤, 😍, 🥰, 😘, 👏, 🎉""",
        2: """
            great, love, loving, loved, luv, happy, impressed, appreciate*, grateful, helpful, kind,
            friendly, enjoy*, beautiful, gorgeous, cool, sweet, excited, exciting, fab, fabulous, superb,
            kudos, props, shout out, shoutout, congrat*, thrilled, yay, woohoo, hooray, smooth, seamless,
            professional, courteous, pleasant*, stellar, rocks, you rock, you guys rock, delicious, yummy,
            proud, glad, pleased, bless, best, 👍, 😊, 😀, 😃, 😄, 😁, 🙌, 💕, 😎, 💙, 💜""",
        1: """
            good, nice, nicely, well, fine, easy, quick, quickly, fast, fun, lovely, better, win, won,
            winner, thumbs up, safe, welcome, hope, hoping, ready, free, lol, haha*, cute, fair, worth,
            smile*, wow, 😂, 🙂, 😉, 🙏, ✌""",
    },
    "bad": {
        3: """
            worst, terrible, horrible, awful, horrendous, horrid, atrocious, abysmal, appalling, dreadful,
            disgust*, disgrace*, unacceptable, not acceptable, inexcusable, unbelievable, ridiculous,
            pathetic, useless, garbage, rubbish, crap, crappy, shit, shitty, shite, bullshit, bs, sucks,
            suck, sucked, hate, hated, fail, fails, epic fail, fuck*, wtf, hell, disappoint*, furious,
            outrage*, scam*, fraud*, rip off, ripoff, ripped off, robbed, thieves, liars, lied, lying,
            incompeten*, shame, shameful, ashamed, nightmare, fiasco, disaster, a joke, joke, clueless,
            rude, shambles, hopeless, piss*, insult*, worthless, dishonest, unprofessional, never again,
            fed up, sick of, tired of, done with, had enough, boycott, not impressed, unimpressed, not
            happy, not good enough, not good, the hell, wasn't great, isn't good, not cool, not ok, not
            okay, so bad, very bad, no excuse, zero stars, 1 star, one star, screw you, screwed, idiot*,
            morons, stupid, 😡, 🤬, 😠, 👎, 🖕, 💩, lies, what the fuck, impolite, stupidity, fleeced, scamming,
            racist, tf, suxs, sux, blows, ludicrous, deplorable, abomin*, shoddy, cheapskates, bastards,
            assholes, asshole, damn, dammit, goddamn, sloppy, rudeness, incompetence, worstever, fuming,
            livid, seething, infuriat*, maddening*, unreal, never fly, hate you, hate this""",
        2: """
            bad, worse, poor, poorly, angry, mad, annoy*, frustrat*, upset, unhappy, sad, sadly,
            unfortunately, crazy, insane, inconvenien*, dissatisfied, unsatisf*, unhelpful, unfair,
            unreliable, failed, failure, failing, lousy, mess, messed, messing, ruin*, wasted, wasting,
            waste, absurd, embarrass*, stranded, stuck, broke, broken, misleading, mislead*, false
            advertising, ignored, ignoring, ignore, careless, slow, slowest, trouble, struggling,
            complain*, complaint, hassle, chaos, damaged, damage, dirty, filthy, gross, nasty, stale,
            wrong, missing, miserable, regret, sick, ugly, pain, painful, smh, ugh*, argh*, grr*,
            overpriced, too expensive, expensive, pricey, greedy, not fair, no help, doesn't help, not
            helpful, didn't help, not helping, isn't helping, cheated, conned, bummer, bummed, booo, boo,
            😤, 😒, 😞, 😢, 😭, 😩, 😫, 🙄, 😑, 😔, 💔, bad experience, badly, worried, worrying, irritat*,
            aggravat*, exhaust*, sigh, yikes, terribly, impossible, dangerous, unsafe, unhealthy, sloppy,
            neglect*, ridiculously, lame, weak, messy, disgruntled, unimpressive, pls fix, not funny,
            pointless, pity, rough, sore""",
        1: """
            sorry, hard, difficult, cold, late, problem*, issue*, lost, lose, losing, wait, waiting,
            refuse*, refusing, seriously, really bad, error*, concern*, confus*, weird, strange, hurt*,
            die, dying, dead, fault*, meh, shouldn't, nothing, kidding, poor, lack, lacking, forced,
            sucker, tired, 😐, 😕, 🙁, ☹""",
    },
    "not": {
        1: """
            not, no, never, without, neither, nor, hardly, barely, don't, doesn't, didn't, isn't, wasn't,
            aren't, weren't, won't, wouldn't, can't, cannot, couldn't, shouldn't, ain't, hasn't, haven't,
            hadn't, dont, nothing, none""",
    },
    "very": {
        1.4: """
            very, really, so, extremely, totally, absolutely, completely, utterly, incredibly, super,
            truly, such, fucking, freaking, too, beyond, complete, total, absolute""",
        0.6: """
            slightly, somewhat, a bit, a little, kind of, kinda, fairly, quite""",
    },
    "turn": {
        1: """
            but, however, although, though, yet""",
    },
    "complaint": {
        5: """
            still waiting, still no, still not, still nothing, still haven't, still hasn't, still can't,
            still don't, still isn't, still doesn't, yet again, once again, second time, third time, 2nd
            time, 3rd time, 4th time, every time, each time, never arrived, never came, never received,
            never got, never showed, never heard, never worked, never work, never works, never answer*,
            never respond*, no response, no reply, no answer, no one answers, nobody answers, no one
            responds, no one is, nobody is, no one has, nobody has, no explanation, no communication, no
            apology, no notice, no update, no updates, no sign of, no warning, hasn't arrived, haven't
            arrived, didn't arrive, not arrived, has not arrived, not received, haven't received, hasn't
            been, have not received, haven't heard, not heard, didn't receive, did not receive, on hold,
            hung up, hang up, hangs up, hanging up, keeps hanging, call back, been waiting, been trying,
            waited, not working, isn't working, doesn't work, does not work, didn't work, did not work,
            don't work, won't work, not work, stopped working, aren't working, wasn't working, never buy,
            never shop, never use, never fly, never order*, never going, never come, last time i, lost my
            business, lose my business, losing my business, lost a customer, lost customer, taking my
            business, take my business, loyal customer, thanks for nothing, thanks for the delay*, thanks
            for making, thanks for cancel*, thanks for losing, thanks for ruining, thanks for leaving, no
            thanks to, charged twice, charged me twice, double charged, overcharg*, charged for, keep
            charging, wrong order, wrong item, wrong size, wrong address, customer service is, worst
            customer, bad service, poor service, terrible service, horrible service, bad customer, poor
            customer, awful service, money back, my money, stole my, stolen, not delivered, wasn't
            delivered, hasn't been delivered, out of order, fix your, fix this, fix it, sort it out, sort
            this out, sort your, get it together, get your act, get your shit, please fix, need to fix,
            you need to, do something, explain why, explain this, someone explain, care to explain, what
            the hell, what the, wth, how dare, false advertising, misled, lied to, let down, letdown, what
            a joke, a joke, are you kidding, you kidding, really poor, not once, nobody knows, no idea
            why, treat customers, treat your, treated, you people, doesn't care, don't care, do you care,
            you ever, disconnected, got cut off, cut off, bounced, given the run, run around, runaround,
            pick the phone up, pick up the phone, answer the phone, answer your phone, answering the
            phone, would it kill you, make a complaint, file a complaint, want to complain, did you read
            my, reply to my, respond to my, answer my, no reason given, for no reason, what is this, wait
            all day, i need answers, need answers, need an answer, want answers, get your shit together,
            is this a joke, have to call, had to call, had to pay, had to wait, had to buy, forced to,
            making me, makes me wait, made me, made us, left me, left us, leaving me, won't let me,
            doesn't let me, won't let us, not let me, can't even, could not even, didn't even, wouldn't
            even, won't even, never even, not a single, false promises, broken promises, stop sending,
            stop charging, falling apart, fell apart, fell off, came off, snapped, shattered, worst
            experience, bad experience, terrible experience, horrible experience, poor experience, poor
            quality, bad quality, cheap quality, misses my, missed a, missed the, will miss, gonna miss,
            going to miss, might miss, may miss, about to miss, wasted my, waste of my, not my fault, your
            fault, what's the deal, whats the deal, whats up with, what's up with, never will, never
            again, last time flying, last flight, switching to, lost all, lost your, lost me, you lost,
            you guys lost, you've lost, they lost, have lost, do better, dobetter, must do better, to no
            avail, no avail, what good is, what good are, for the last time, last straw, final straw, have
            screwed, screwed me, screwed us, awfulcustomerservice, customerservicefail, customer service
            fail, badcustomerservice, poorcustomerservice, terriblecustomerservice,
            horriblecustomerservice, nocustomerservice, badservice, terribleservice, worstservice,
            worstcompany, worstairline*, worstcustomerservice, neveragain, neverflyagain, notimpressed,
            nothappy, notcool, notok, fixit, getittogether, disappointed, stillwaiting, unhappycustomer,
            unprofessional, unacceptable, poorform, poor form, no wonder, goodbye, been told, keep
            telling, keeps telling, keep saying, keep sending, keep changing, keep asking, keeps saying,
            pay for this, paying for, paid for, i paid, we paid, for nothing, sit in, sit on, sit here,
            sitting here, sitting in, stood in, standing in, waiting on, waiting for, waiting to, wait
            for, waited for""",
        2.5: """
            still, again, never, yet, refund*, reimburse*, compensat*, reimburs*, delay*, cancelled,
            canceled, cancelling, cancel*, overbook*, lost my, lost our, lost bag*, lost luggage, missed
            my, missed our, missed connection*, miss my, late, broke, broken, broken down, defect*,
            faulty, cracked, damaged, ripped, torn, leak*, overheat*, crash*, freez*, glitch*, bug, bugs,
            error, errors, error message, fails, failed, fail, failing, failure, problem*, issue*,
            trouble*, outage*, down for, is down, been down, goes down, went down, keeps, keep getting,
            kept, can't, cannot, can not, cant, unable, won't, couldn't, could not, wouldn't, would not,
            unable to, not able, refuse*, denied, rejected, declined, ignored, ignoring, ignore, no help,
            no wifi, no internet, no service, no signal, no luggage, no bag*, no food, no power, no hot,
            no one, nobody, no crew, no gate, no option, no way to, nowhere, hours, hrs, hour, minutes,
            mins, min, weeks, wks, months, days, hours later, days later, weeks later, days ago, weeks
            ago, an hour, 1hr, 2hrs, 3hrs, 2hr, 3hr, half an hour, so long, too long, how many times, how
            much longer, forever, ages, all day, all morning, whole day, supposed to, was told, were told,
            told me, told us, promised, said it would, said they, you said, claimed, was meant to, should
            have, should be, why is, why are, why do, why does, why did, why can't, why isn't, why don't,
            why doesn't, why haven't, why hasn't, why has, why have, why won't, why would, why not, how
            come, how is it, how can you, how do you, how hard, what's going on, what is going on, whats
            going on, what's happening, what happened, what gives, what's with, what's the point, where is
            my, where's my, wheres my, where are my, where is the, where are the, where the, complain*,
            complaint*, escalate*, manager, supervisor, unresolved, resolve, resolution, wait time*,
            waits, in line, queue, stuck, stranded, sitting on, sitting at, tarmac, hold, holding,
            voicemail, automated, robot, transferred, replacement, warranty, missing, empty, wrong,
            incorrect*, invalid, expired, dead, stopped, out of stock, sold out, unavailable, not
            available, no longer, disconnect*, dropped, dropping, locked, locked out, blocked, hacked,
            password, reset, charged, charging me, fee, fees, bill, billed, billing, cost me, costs me,
            rude, attitude, unhelpful, disappoint*, waste of, wasted, lost, misplaced, nothing, isn't,
            doesn't, didn't, hasn't, haven't, wasn't, weren't, aren't, don't, seriously, unhappy,
            dissatisfied, unhappycustomer, badservice, poorservice, customerservice, customer service,
            customer care, slow, not happening, not updating, not loading, not showing, not even, not
            being, not been, not getting, not sure why, not what, not as, not my, recall*, hazard,
            lacking, inaccurate, drain*, reboot*, noise, reset itself, there is no, there's no, there are
            no, no record, no idea, not sure what, what do we do, no reason, closed, refusing, rejects,
            still on, still in, still at, still the, still says, still showing, still broken, yet to, have
            yet, only to, told that, i was, was supposed, even though, despite, nearly, expected, false,
            doesn't seem, seem to, cant find, can't find, cannot find, can't get, cannot get, can't log,
            can't access, can't use, can't book, can't check, can't reach, can't seem, can't see, answer,
            answers, responding, respond, excuse, excuses, apology, apologies, apologize, acceptable,
            unacceptable, customer relations, customer support, your system, your systems, your website,
            your site, your app, your agents, your agent, your staff, your customer, your service, your
            phone, your employees, your team, hung, broken bag, mechanical, rerouted, diverted, standby,
            reaccommodat*, overnight, sleep in, sleeping in, bumped, kicked off, jammed, tight, stolen,
            wrong with, issue with, issues with, problem with, problems with, trouble with, no seat, no
            seats, no pillow*, no blanket*, no water, no outlet*, no tv, no entertainment, no heat, smell,
            smells, smelly, uncomfortable, cramped, freezing, hot, boiling, downgrad*, beneficial, loyal,
            loyalty, as usual, as per usual, overkill, less than, instead of, rather than, half of, at
            least, by now, you guys, supposedly, apparently, allegedly, yall, y'all""",
        1: """
            tried, trying, try, try again, since, yesterday, last week, last month, ordered, order,
            orders, delivery, delivered, deliver, parcel, package, tracking, shipped, shipping, courier,
            appointment, booked, booking, rebook*, reschedul*, flight, flights, flighted, flightled,
            flightr, connection, luggage, bag, bags, baggage, gate, plane, seat, seats, account, app,
            website, site, online, email*, emailed, phone, call, called, calls, calling, reps, rep, agent,
            agents, staff, employee*, store, branch, chat, line, lines, update, updated, upgrade, service,
            help, fix, repair*, engineer, technician, install*, tv, router, broadband, laptop, printer,
            screen, battery, charge, customer, customers, company, policy, money, because, even, only,
            just, instead, really, asap, urgent, someone, anyone, pls help, please help, need help, help
            me, says, saying, said, told, tells, when i, every, same, another, more than, over an, almost,
            without, or something, what's the, no, not, why, fail""",
    },
    "calm": {
        3: """
            no problem, no problems, no worries, not a problem, never mind, nevermind, no rush, all good,
            all sorted, sorted now, sorted now thanks, is resolved, was resolved, got resolved, resolved
            now, fixed now, fixed it, works now, working now, it worked, figured it out, good to know, no
            issues, no complaints, can't complain, not an issue, thank you so, thanks so, thanks again,
            thank you again, thank you all, thanks to, thanks guys, thank you guys, many thanks, big
            thanks, huge thanks, will do, looking forward, look forward, can't wait, cannot wait, will be
            there, dm sent, sent dm, just followed, don't worry, wasn't too, never disappoint*, never
            fail*, never had a problem, happy to, glad to, won't regret, not bad, no doubt, still love,
            still the best, never better, never cease, for the response, for responding, for your help,
            for the help, for the reply, quick response, quick reply, prompt response, for your response,
            for replying, for your reply, for helping, for getting, for checking, for taking, for the
            info, for clarifying, for the update, for the follow, i figured, figured out, helped me, was
            so helpful, were so helpful, very helpful, so helpful, so nice, so kind, took care of, taking
            care of, came through, resolved my, solved my, thanks to you, thank you to, thanks for a,
            thanks for an, thanks for the, thank you for, thanks for your, thanks for being, thanks for
            all, thanks for getting, great flight, great crew, great experience, good experience, amazing
            service, excellent service, good service, awesome service, best airline, best customer, great
            customer, good customer, excellent customer, awesome customer, fantastic customer, amazing
            customer, outstanding customer, impressed with, impressed by, shout out, shoutout, kudos,
            props to, hats off, well played, safe travels, happy holidays, happy birthday, merry
            christmas, taken care of, painless, so easy, never let me down, never let us down, always
            provided, positive experience, positive attitude, not your fault, only way to fly, only way to
            go, it's been found, was found, found it, found my, got it back, above and beyond, so glad,
            very glad, working hard, hard work, big up, welcome back, miss you guys""",
        1.3: """
            thank you, thanks, thx, thankyou, ty, thanx, thnx, cheers, tysm, is it possible, would it be
            possible, do you have, do you sell, do you offer, do you know if, do you know when, do you
            accept, do you allow, do you guys have, does anyone know, are there any, is there any, is
            there a way, can i get, can i use, can i buy, can i bring, can i still, can i add, can i
            change, can i return, may i, could i, could you please, can you please, can you tell me, could
            you tell me, could you confirm, can you confirm, where can i, where do i, how can i, how do i,
            what are the, what is the, what time, when is, when will, when can, when are, which one, i
            would like to, i'd like to, looking for, looking to, interested in, just wondering, wondering
            if, wondering what, wondering when, question about, quick question, have a question, got a
            question, does it, does the, will it, will you, will there be, are you, any chance, any plans,
            any idea when, recommend, what's your, i have, will i, is the, are the, is there, got it, ok,
            okay, done, sure, yes, yep, yeah, sent, dm'd, dmed, dm'ed, dm, sounds good, great, love, best,
            awesome, amazing, nice, congrat*, excited, happy, looks like, check out, win, giveaway,
            contest, competition, follow me, follow back, hi, hello, still offer, still carry, do you
            still, still have time, still a chance, accidentally, accidently, i've lost, i lost my, my
            lost, left my, i left, just booked, just sent, just signed up, just bought, haven't booked, i
            understand, makes sense, not yet, no this is, it's fine, that's fine, is fine, would like,
            what is your policy, what's the policy, do you fly, will you be, how much is, how much does,
            how many, how early, how late, what airports, when do you, can we get, can we bring, can i
            carry, is it okay, is it ok, good work, keep up, follow you, following, dm you, dm me,
            interested, announce*, unveil*, launches, launch, reports, seeks, ceo, nonstop, new route,
            profit, stock, shares, on the way, on my way, heading to, headed to, off to, boarding, ready
            for, on board, crew, pilot, view, sunset, beautiful day, vacation, trip to, destination*,
            tickets to, want to see, any concern, any advice, any tips, any suggestions, any
            recommendations, your policy on, your policy regarding, what's your policy, policy for, wanna
            go, trying to go, trying to get to, hoping to, if only, any way that i can, is there any way,
            any way to, will work, how does, are you going to, can you give, can you send, give me, left
            behind, lost and found, i have five, i'm a student, college student, next deal, upcoming, do
            you think, what would, would it be, should i, should we, what should i, can i do, do i need,
            do we need, how long before, how long does, how long is, what happens, can someone tell me,
            could someone tell me, where do we, where is the best, what's the best, just noticed, i
            noticed, earlier flight, show me, advisory, forecast, winter storm, weather, travelers,
            travellers, i bought, worried that, in case, be able to, would i, would you""",
        1: """
            good morning, please, pls, plz, if i, wonder, curious, if you, if there, we love, lol, haha*,
            future, next week, next month, tomorrow, upcoming, planning, plan to, thinking, would be,
            gift, christmas, birthday, weekend, video, photo, watch, watching, read, reading, news,
            article, via, rt, blog, new, team, game, season""",
    },
    "thanks": {
        3: """
            thank you, thanks, thx, thankyou, thanx, thnx, ty, tysm, cheers, much appreciated, kudos,
            grateful, shout out to, shoutout to, props to, appreciate it, appreciate the, appreciate your""",
        -4: """
            thanks for nothing, no thanks, no thanks to, thanks for the delay*, thanks for making, thanks
            for cancel*, thanks for losing, thanks for ruining, thanks for leaving, thanks but, thanks in
            advance""",
    },
    "person": {
        3: """
            speak to a human, talk to a human, a real person, real person, speak to a person, talk to a
            person, speak to someone, speak with someone, talk to someone, talk with someone, speak to a
            manager, speak with a manager, talk to a manager, speak to your manager, speak to a
            supervisor, speak with a supervisor, someone call me, someone contact me, please call me, call
            me back, give me a call, can someone help, get a human, live agent, live person, human being,
            an actual person, actual human, speak to an agent, speak with an agent, talk to an agent,
            someone to call, someone to contact, human agent""",
    },
    "buying": {
        3: """
            want to buy, wanna buy, like to buy, looking to buy, going to buy, about to buy, thinking of
            buying, where can i buy, can i buy, to purchase, want to order, like to order, how much is,
            how much are, how much for, how much does, price of, in stock, back in stock, do you sell, do
            you ship to, do you deliver to, available in, pre order, preorder, sign up for, switch to you,
            switching to you, interested in buying, take my money, quote for, get a quote, upgrade my
            plan, want to switch to, thinking of switching to, want to join""",
        -3: """
            never buy, won't buy, not buy, don't buy, not going to buy, stop buying, money back""",
    },
    "danger": {
        3: """
            caught fire, on fire, catch fire, burst into flames, electric shock, electrocut*, exploded,
            explosion, exploding, smoke coming, started to smoke, smoking, sparks, sparking, melted,
            burning smell, smell of burning, smells of gas, gas leak, carbon monoxide, burned my, burnt
            my, burned her, burned his, cut my, cut myself, glass in my, metal in my, plastic in my, piece
            of glass, piece of metal, food poisoning, allergic reaction, anaphyla*, choked on, choking
            hazard, injured, hospitalized, hospitalised, in hospital, brakes failed, airbag, mouldy,
            moldy, maggot*, salmonella, product recall""",
        -3: """
            fire sale, fire emoji, smoke test, burning question, smoking hot, sparks fly, new song, no
            smoking""",
    },
    "legal": {
        3: """
            lawyer*, attorney*, solicitor*, lawsuit*, sue you, suing, sue them, sue your, will sue, going
            to sue, legal action, take you to court, see you in court, small claims, class action,
            ombudsman, trading standards, consumer protection, consumer affairs, ftc complaint, better
            business bureau, bbb complaint, data protection, gdpr, breach of contract, consumer rights
            act, statutory rights, section 75, chargeback, illegal, unlawful, regulator, accc, ofcom,
            ofgem, fcc complaint""",
    },
    "press": {
        3: """
            i'm a journalist, i am a journalist, i'm a reporter, i am a reporter, writing an article,
            writing a piece, writing a story, working on a story, working on a piece, press office, press
            enquiry, press enquiries, press inquiry, media enquiry, media inquiry, media enquiries, pr
            department, pr dept, pr team, press contact, media contact, comment for our, for comment,
            request for comment, can we use your, permission to use your, on deadline, our newsroom, our
            producers, our programme""",
    },
    "vulnerable": {
        3: """
            elderly, 80 year old, 85 year old, 90 year old, wheelchair, disabled, disability, blind, deaf,
            dementia, alzheimer*, autistic, oxygen machine, oxygen concentrator, medical alarm, medical
            alert, medical equipment, pacemaker, insulin, dialysis, chemo, chemotherapy, cancer patient,
            pregnant, newborn, premature baby, panic button, emergency calls, can't call 000, can't call
            911, can't call 999, no heating, carer, care home, housebound, hospice, bereaved, passed away,
            widow, widower, mental health, domestic violence""",
        -3: """
            blind spot, double blind, blind date, turn a blind, blind eye, deaf ears""",
    },
    "self-harm": {
        3: """
            kill myself, killing myself, end my life, ending my life, take my own life, want to die, wanna
            die, wish i was dead, suicidal, commit suicide, self harm, self harming, hurt myself, cut
            myself on purpose, can't go on anymore, no reason to live, better off without me, don't want
            to live, do not want to live, don't want to be here anymore""",
        -3: """
            kill myself laughing, want to die laughing, dying of laughter""",
    },
    "spam": {
        3: """
            check out my, check out our, check my channel, check my page, check out this video on youtube,
            check out this playlist on youtube, check it out on, visit my, visit our, subscribe to my,
            subscribe to me, subscribe me, sub to me, sub to my, subscribe back, sub 4 sub, sub4sub, sub
            for sub, please subscribe, plz subscribe, pls subscribe, and subscribe, come subscribe, my
            channel, our channel, my new channel, my youtube, my youtube channel, my new video, my videos,
            my vids, my music, my covers, my cover of, my first video, my soundcloud, my mixtape, my new
            song, my new single, my blog, my etsy, follow me on, follow my, follow me and, follow us on,
            follow back, follow for follow, f4f, l4l, like4like, free followers, earn money, make money,
            money online, extra cash, extra income, passive income, work from home, easy money, get paid,
            get rich, free gift, claim your, claim now, click here, click the link, click on the link,
            link in bio, link in my bio, link below, airdrop, crypto, bitcoin, btc, forex, trading
            signals, promo code, discount code, coupon code, referral code, use my code, use code, dm me
            to, dm for, inbox me, whatsapp me, text me on, telegram channel, join my, join our, sign up
            now, sign up here, register now, limited time, act now, hurry up, 100 free, free trial, buy
            now, order now, on sale now, best price, casino, viagra, weight loss, lose weight, hot
            singles, sexy girls, nudes, onlyfans, dating site, vote for me, vote for us, vote for my, sign
            this petition, sign the petition, gofundme, indiegogo, kickstarter, fundraiser, prizerebel, a
            small channel, small youtuber, upcoming artist, up and coming, unsigned, new artist, thumb up,
            give this a thumbs, like this comment, copy and paste, send this to, repost this, paste this,
            dont skip, don't skip, before you skip, give me a chance, give us a chance, hear me out, this
            is not spam, not spam, not a spam, i hate spam, sorry for the spam, promote your, grow your,
            boost your, new subs, 1k subs, more subs, suscribe, new youtuber, i make videos, i make music,
            we make videos, i upload, upload videos, i'm a singer, i'm a rapper, i sing covers, do covers,
            covers of, congratulations you have, you have won, you've won, won a prize, txt, text stop,
            reply stop, opt out, weekly draw, ringtone*, callertune, £1000, £2000, check me out, check it
            out, check this out, check out this, check these out, go check, checking me out, checking out
            my, check them out, look at my, listen to my, watch my, watch this video, take a look at this,
            give it a like, rate my, please become my, look me up, sucscribe, help me reach, help us
            reach, help me go to, come and see my, itunes code, my profile, my fan page, my song, my
            songs, my beats, my playlist, new channel, our video, our song, our music, our parody, we just
            released""",
        2: """
            subscribe, subscribed, subs, subscribers, check out, checkout, followers, for free, voucher*,
            gift card*, guaranteed, promotion, prize, giveaway, donate, donation*, my page, my website, my
            shop, my store, cheap, winner, cash, please vote, rapper, thumbs up, share this with,
            investment, per week, from home, call now, betting, adult, webcam""",
        1: """
            please, plz, pls, check, visit, channel, channels, cover, rap, follow, free, money, help me,
            support me, support us, hey guys, hi guys, hello guys, hi everyone, hello everyone, hey
            everyone, everybody, just started, i'm new, join, register, link, site, soundcloud, facebook,
            instagram, twitter, snapchat, download, win, offer, deal*, sale, selling, shirts, gaming,
            minecraft, vlog*, dream, talent*, vote, like if you, thumbs up if, advertis*, investor*,
            remix*, http, www""",
        0.5: """
            video, videos, music, youtube, watch, game*, app, share, everyone, guys, website, shop, buy,
            sell""",
    },
}
